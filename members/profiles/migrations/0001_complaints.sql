-- What a person answered or closed stays, whatever a later file says of it; a closing can be taken back as a whole.

CREATE FUNCTION profiles_complaint_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF OLD.answered_by_id IS NOT NULL THEN
        NEW.answered_at := OLD.answered_at;
        NEW.answer := OLD.answer;
        NEW.answered_by_id := OLD.answered_by_id;
    END IF;
    IF OLD.closed_by_id IS NOT NULL AND NEW.closed_by_id IS NOT NULL THEN
        NEW.closed_at := OLD.closed_at;
        NEW.resolution := OLD.resolution;
        NEW.closed_by_id := OLD.closed_by_id;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER complaint_kept BEFORE UPDATE ON profiles_complaint
    FOR EACH ROW WHEN (OLD.answered_by_id IS NOT NULL OR OLD.closed_by_id IS NOT NULL)
    EXECUTE FUNCTION profiles_complaint_kept();

-- A churn signal that somebody complained is a complaint received. No file says how it ended: it lapses after 90 days
-- (members.profiles.models.complaint), unless somebody closes it.

CREATE FUNCTION profiles_signal_received() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM new_rows WHERE kind = 'complaint') THEN
        INSERT INTO profiles_complaint (member_id, id, received_at, words, lapses, closed_at, import_id)
        SELECT member_id, 'signal ' || id, at, detail, true, at + interval '90 days', import_id
        FROM new_rows WHERE kind = 'complaint' ORDER BY member_id, id
        ON CONFLICT (member_id, id) DO UPDATE
        SET received_at = EXCLUDED.received_at, words = EXCLUDED.words, import_id = EXCLUDED.import_id,
            closed_at = CASE WHEN profiles_complaint.closed_by_id IS NULL THEN EXCLUDED.closed_at
                             ELSE greatest(profiles_complaint.closed_at, EXCLUDED.received_at) END;
    END IF;
    RETURN NULL;
END $$;
CREATE FUNCTION profiles_signal_withdrawn() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF EXISTS (SELECT FROM old_rows WHERE kind = 'complaint') THEN
        DELETE FROM profiles_complaint c USING old_rows o
        WHERE o.kind = 'complaint' AND c.member_id = o.member_id AND c.id = 'signal ' || o.id AND c.lapses
          AND NOT EXISTS (
              SELECT FROM profiles_signal s
              WHERE s.member_id = o.member_id AND s.id = o.id AND s.kind = 'complaint'
          );
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER complaint_inserted AFTER INSERT ON profiles_signal
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION profiles_signal_received();
CREATE TRIGGER complaint_changed AFTER UPDATE ON profiles_signal
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION profiles_signal_received();
CREATE TRIGGER complaint_unsaid AFTER UPDATE ON profiles_signal
    REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION profiles_signal_withdrawn();
CREATE TRIGGER complaint_deleted AFTER DELETE ON profiles_signal
    REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION profiles_signal_withdrawn();
