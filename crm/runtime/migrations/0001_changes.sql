-- Positions in the change queue are transaction ids, which belong to one cluster: those of a cluster that a dump is
-- restored into begin again with small numbers. So the queue knows whose ids it holds, and a cluster that finds another's
-- (first reader or writer after the restore) moves all of them, rows and cursors alike, below zero: they keep their order
-- and lie before everything that is written from then on.
INSERT INTO runtime_changeorigin (id, system_identifier) SELECT 1, system_identifier FROM pg_control_system();

CREATE FUNCTION runtime_adopt_changes() RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = public, pg_temp AS $$
DECLARE
    here CONSTANT bigint := (SELECT system_identifier FROM pg_control_system());
    beyond bigint;
BEGIN
    IF EXISTS (SELECT FROM runtime_changeorigin WHERE system_identifier = here) THEN
        RETURN;
    END IF;
    PERFORM pg_advisory_xact_lock(hashtextextended('change queue', 0));
    IF EXISTS (SELECT FROM runtime_changeorigin WHERE system_identifier = here) THEN
        RETURN;
    END IF;
    SELECT max(txid) + 1 INTO beyond
    FROM (SELECT txid FROM runtime_change UNION ALL SELECT txid FROM runtime_changecursor) known;
    IF beyond > 0 THEN
        UPDATE runtime_change SET txid = txid - beyond;
        UPDATE runtime_changecursor SET txid = txid - beyond;
    END IF;
    INSERT INTO runtime_changeorigin AS origin (id, system_identifier) VALUES (1, here)
    ON CONFLICT (id) DO UPDATE SET system_identifier = excluded.system_identifier;
END $$;

CREATE FUNCTION runtime_change_inserted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM runtime_adopt_changes();
    RETURN NULL;
END $$;
CREATE TRIGGER adopt_changes BEFORE INSERT ON runtime_change
    FOR EACH STATEMENT EXECUTE FUNCTION runtime_change_inserted();
