-- Versions are written once.
CREATE TRIGGER version_append_only BEFORE UPDATE OR DELETE ON segments_version
    FOR EACH ROW EXECUTE FUNCTION staff_append_only();
CREATE TRIGGER version_not_emptied BEFORE TRUNCATE ON segments_version EXECUTE FUNCTION staff_append_only();


