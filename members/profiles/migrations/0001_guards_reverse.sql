DROP TRIGGER identity_of_a_member ON profiles_identity;
DROP TRIGGER identity_moved_to_a_member ON profiles_identity;
DROP TRIGGER member_gone ON profiles_member;
DROP TRIGGER book_kept ON profiles_book;
DROP FUNCTION profiles_identity_of_a_member(), profiles_member_gone(), profiles_book_kept();
