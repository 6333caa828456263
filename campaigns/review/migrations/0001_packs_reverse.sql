DROP FUNCTION review_pack_row_of_version() CASCADE;
DROP FUNCTION review_pack_rows() CASCADE;
DROP FUNCTION review_pack_is_approved() CASCADE;
