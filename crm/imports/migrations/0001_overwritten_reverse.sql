DROP TRIGGER approved ON imports_importundo;
DROP FUNCTION imports_watch(regclass, text[]);
DROP FUNCTION imports_keep_overwritten() CASCADE;
