-- pg_input_is_valid() came with PostgreSQL 16; before it, this does the same, more slowly.
CREATE OR REPLACE FUNCTION pg_temp.imports_valid(given text, kind text) RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
    EXECUTE format('SELECT %L::%I', given, kind);
    RETURN true;
EXCEPTION WHEN data_exception OR invalid_text_representation THEN
    RETURN false;
END $$
