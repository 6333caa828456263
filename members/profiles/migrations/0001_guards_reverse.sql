DROP TRIGGER identity_inserted ON profiles_identity;
DROP TRIGGER identity_updated ON profiles_identity;
DROP TRIGGER member_deleted ON profiles_member;
DROP TRIGGER book_not_emptied ON profiles_book;
DROP TRIGGER book_kept ON profiles_book;
DROP FUNCTION profiles_identity_has_member(), profiles_member_deleted(), profiles_book_kept();
