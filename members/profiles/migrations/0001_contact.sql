-- Guards of consent, suppression, contact and the rights of members.

-- What was said, sent and decided stays.
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON profiles_consent
    FOR EACH ROW EXECUTE FUNCTION staff_append_only();
CREATE TRIGGER not_emptied BEFORE TRUNCATE ON profiles_consent EXECUTE FUNCTION staff_append_only();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON profiles_contact
    FOR EACH ROW EXECUTE FUNCTION staff_append_only();
CREATE TRIGGER not_emptied BEFORE TRUNCATE ON profiles_contact EXECUTE FUNCTION staff_append_only();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON profiles_consenttext
    FOR EACH ROW EXECUTE FUNCTION staff_append_only();
CREATE TRIGGER not_emptied BEFORE TRUNCATE ON profiles_consenttext EXECUTE FUNCTION staff_append_only();
CREATE TRIGGER append_only BEFORE UPDATE OR DELETE ON profiles_contactpolicy
    FOR EACH ROW EXECUTE FUNCTION staff_append_only();
CREATE TRIGGER not_emptied BEFORE TRUNCATE ON profiles_contactpolicy EXECUTE FUNCTION staff_append_only();
CREATE TRIGGER kept BEFORE DELETE ON profiles_suppression FOR EACH ROW EXECUTE FUNCTION staff_append_only();
CREATE TRIGGER not_emptied BEFORE TRUNCATE ON profiles_suppression EXECUTE FUNCTION staff_append_only();
CREATE TRIGGER kept BEFORE DELETE ON profiles_rightsrequest FOR EACH ROW EXECUTE FUNCTION staff_append_only();
CREATE TRIGGER not_emptied BEFORE TRUNCATE ON profiles_rightsrequest EXECUTE FUNCTION staff_append_only();
CREATE TRIGGER kept BEFORE DELETE ON profiles_erasure FOR EACH ROW EXECUTE FUNCTION staff_append_only();
CREATE TRIGGER not_emptied BEFORE TRUNCATE ON profiles_erasure EXECUTE FUNCTION staff_append_only();

-- A withdrawal stops what is pending: it goes to the change queue, however it came.
CREATE FUNCTION profiles_consent_added() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO runtime_change (at, kind, member_id, payload)
    SELECT a.recorded_at, 'consent.withdrawn', a.member_id,
        jsonb_build_object('purpose', a.purpose, 'channel', a.channel, 'consent', a.id)
    FROM added a WHERE NOT a.given ORDER BY a.member_id, a.id;
    RETURN NULL;
END $$;
CREATE TRIGGER tell_withdrawals AFTER INSERT ON profiles_consent
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION profiles_consent_added();

-- A text or policy follows the latest one, begins no earlier, and says what was approved. One at a time.
CREATE FUNCTION profiles_consent_text_approved() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    latest profiles_consenttext;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('consent text', 0));
    SELECT * INTO latest FROM profiles_consenttext WHERE purpose = NEW.purpose ORDER BY version DESC LIMIT 1;
    IF NEW.version <> coalesce(latest.version, 0) + 1 OR NEW.effective_from < latest.effective_from THEN
        RAISE EXCEPTION 'version % of the consent text does not follow version %', NEW.version, latest.version
            USING ERRCODE = 'restrict_violation';
    END IF;
    IF NOT EXISTS (
        SELECT FROM staff_request r WHERE r.id = NEW.request_id
          AND r.proposal ->> 'purpose' = NEW.purpose
          AND r.proposal ->> 'text' = NEW.text AND r.proposal ->> 'text_en' = NEW.text_en
          AND (r.proposal ->> 'effective_from')::date <= NEW.effective_from
    ) THEN
        RAISE EXCEPTION 'the consent text is not what was approved' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER approved BEFORE INSERT ON profiles_consenttext
    FOR EACH ROW EXECUTE FUNCTION staff_needs_approval('profiles.consent_text');
CREATE TRIGGER as_approved BEFORE INSERT ON profiles_consenttext
    FOR EACH ROW EXECUTE FUNCTION profiles_consent_text_approved();

CREATE FUNCTION profiles_contact_policy_approved() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    latest profiles_contactpolicy;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('contact policy', 0));
    SELECT * INTO latest FROM profiles_contactpolicy ORDER BY version DESC LIMIT 1;
    IF NEW.version <> coalesce(latest.version, 0) + 1 OR NEW.effective_from < latest.effective_from THEN
        RAISE EXCEPTION 'contact policy version % does not follow version %', NEW.version, latest.version
            USING ERRCODE = 'restrict_violation';
    END IF;
    IF NOT EXISTS (
        SELECT FROM staff_request r WHERE r.id = NEW.request_id
          AND r.proposal -> 'quiet' = NEW.quiet AND r.proposal -> 'caps' = NEW.caps
          AND (r.proposal ->> 'effective_from')::date <= NEW.effective_from
    ) THEN
        RAISE EXCEPTION 'the contact policy is not what was approved'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER approved BEFORE INSERT ON profiles_contactpolicy
    FOR EACH ROW EXECUTE FUNCTION staff_needs_approval('profiles.contact_policy');
CREATE TRIGGER as_approved BEFORE INSERT ON profiles_contactpolicy
    FOR EACH ROW EXECUTE FUNCTION profiles_contact_policy_approved();

-- Of a suppression only its lifting is added, once, by an approved request for this very row.
CREATE FUNCTION profiles_suppression_kept() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    lifting CONSTANT text[] := ARRAY['lifted_at', 'lift_request'];
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NEW.lifted_at IS NOT NULL THEN
            RAISE EXCEPTION 'a suppression begins unlifted' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
    END IF;
    IF OLD.lifted_at IS NOT NULL OR NEW.lifted_at IS NULL
        OR to_jsonb(NEW) - lifting IS DISTINCT FROM to_jsonb(OLD) - lifting THEN
        RAISE EXCEPTION 'profiles_suppression is append-only: only its lifting can be added'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NOT EXISTS (
        SELECT FROM staff_request r WHERE r.id = NEW.lift_request AND r.kind = 'profiles.suppression'
          AND r.state = 'approved' AND (r.proposal ->> 'suppression')::bigint = OLD.id
    ) THEN
        RAISE EXCEPTION 'lifting a suppression needs an approved request'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER lifted_by_request BEFORE INSERT OR UPDATE ON profiles_suppression
    FOR EACH ROW EXECUTE FUNCTION profiles_suppression_kept();

-- Whoever has a suppressed address has pending messages stopped.
CREATE FUNCTION profiles_suppression_added() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO runtime_change (at, kind, member_id, payload)
    SELECT a.since, 'contact.suppressed', m.id,
        jsonb_build_object('channel', a.channel, 'scope', a.scope, 'suppression', a.id)
    FROM added a
    JOIN profiles_member m ON m.mobile_index = a.address_hash OR m.email_index = a.address_hash
    ORDER BY m.id, a.id;
    RETURN NULL;
END $$;
CREATE TRIGGER tell_suppressions AFTER INSERT ON profiles_suppression
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION profiles_suppression_added();

-- A time zone that PostgreSQL does not know would stop a whole batch of verdicts: it is refused here.
CREATE FUNCTION profiles_time_zone_known() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.time_zone <> '' AND NOT EXISTS (SELECT FROM pg_timezone_names WHERE name = NEW.time_zone) THEN
        RAISE EXCEPTION 'unknown time zone %', NEW.time_zone USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER time_zone_known BEFORE INSERT OR UPDATE OF time_zone ON profiles_contactpreference
    FOR EACH ROW EXECUTE FUNCTION profiles_time_zone_known();

-- A request of a member is answered once, and otherwise stays as it was recorded.
CREATE FUNCTION profiles_rights_request_answered_once() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    answer CONSTANT text[] := ARRAY['state', 'answer', 'answered_at', 'answered_by_id'];
BEGIN
    IF OLD.state <> 'open' OR NEW.state = 'open' OR to_jsonb(NEW) - answer IS DISTINCT FROM to_jsonb(OLD) - answer THEN
        RAISE EXCEPTION 'profiles_rightsrequest is append-only: a request is answered once'
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER answered_once BEFORE UPDATE ON profiles_rightsrequest
    FOR EACH ROW EXECUTE FUNCTION profiles_rights_request_answered_once();

-- An erasure is approved, of this very member; what it seals goes once its time is over, nothing else changes.
CREATE FUNCTION profiles_erasure_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' THEN
        IF NOT EXISTS (
            SELECT FROM staff_request r
            WHERE r.id = NEW.request_id AND (r.proposal ->> 'member')::bigint = NEW.member_id
        ) THEN
            RAISE EXCEPTION 'the erasure is not what was approved' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
    ELSIF NEW.sealed IS NOT NULL OR OLD.sealed IS NULL OR OLD.keep_until > current_date
        OR to_jsonb(NEW) - 'sealed' IS DISTINCT FROM to_jsonb(OLD) - 'sealed' THEN
        RAISE EXCEPTION 'profiles_erasure is append-only: what it seals is kept until %', OLD.keep_until
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER approved BEFORE INSERT ON profiles_erasure
    FOR EACH ROW EXECUTE FUNCTION staff_needs_approval('profiles.erasure');
CREATE TRIGGER as_approved BEFORE INSERT OR UPDATE ON profiles_erasure
    FOR EACH ROW EXECUTE FUNCTION profiles_erasure_kept();

-- Whose data were erased stays without them, whatever a later file brings.
CREATE FUNCTION profiles_member_stays_erased() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.erased_at IS NULL OR NOT EXISTS (SELECT FROM profiles_erasure WHERE member_id = NEW.id) THEN
        RAISE EXCEPTION 'member %: erased by an approved request only, and for good', NEW.id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.name <> '' OR NEW.search_text <> '' OR coalesce(
        NEW.mobile, NEW.mobile_index, NEW.email, NEW.email_index, NEW.id_number, NEW.id_number_index, NEW.address
    ) IS NOT NULL OR NEW.sex IS NOT NULL OR NEW.birth_date IS NOT NULL
        OR NEW.region || NEW.occupation || NEW.income_band || NEW.language <> '' OR cardinality(NEW.tags) > 0 THEN
        RAISE EXCEPTION 'the personal data of member % were erased: they are kept out', NEW.id
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER stays_erased BEFORE UPDATE ON profiles_member
    FOR EACH ROW WHEN (OLD.erased_at IS NOT NULL OR NEW.erased_at IS NOT NULL)
    EXECUTE FUNCTION profiles_member_stays_erased();

-- The first instant from $1 on that is not quiet in a zone: quiet from `starts` to `ends` by the local clock (over
-- midnight where starts > ends; never where NULL), and on days that are not among `worked` (NULL: any day is).
-- A year later where `worked` ends before. Where clocks are put back it may come an hour later, never earlier.
CREATE FUNCTION profiles_quiet_until(at timestamptz, zone text, starts time, ends time, worked date[])
RETURNS timestamptz LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
    here CONSTANT timestamp := at AT TIME ZONE zone;
    on_day date := here::date;
    clock time := here::time;
BEGIN
    IF starts > ends AND clock >= starts THEN
        on_day := on_day + 1;
        clock := ends;
    ELSIF (starts > ends AND clock < ends) OR (starts < ends AND clock >= starts AND clock < ends) THEN
        clock := ends;
    END IF;
    IF worked IS NOT NULL AND NOT on_day = ANY(worked) THEN
        on_day := (SELECT min(d) FROM unnest(worked) AS d WHERE d > on_day);
        clock := CASE WHEN starts > ends OR starts = '00:00' THEN ends ELSE '00:00' END;
    END IF;
    RETURN CASE WHEN on_day + clock = here THEN at
                ELSE coalesce((on_day + clock) AT TIME ZONE zone, at + interval '1 year') END;
END $$;
