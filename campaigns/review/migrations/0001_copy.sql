-- Copy and its review, whoever writes: what is submitted never changes, whoever wrote does not decide, an approval
-- leaves no finding open, and each decision is the insertion of an opinion.

CREATE FUNCTION review_refuse(reason text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION '%', reason USING ERRCODE = 'integrity_constraint_violation';
END $$;

CREATE FUNCTION review_is_officer(staff bigint) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT EXISTS (SELECT FROM staff_staff WHERE id = staff AND role = 'compliance' AND is_active)
$$;

-- The columns in which two rows differ, without the generated one, which a BEFORE trigger does not see.
CREATE FUNCTION review_changed(before jsonb, after jsonb) RETURNS text[] LANGUAGE sql IMMUTABLE AS $$
    SELECT coalesce(array_agg(key), '{}') FROM jsonb_each(after)
    WHERE key <> 'template_hash' AND value IS DISTINCT FROM before -> key
$$;

-- The rating of a product that counts at an instant, the highest of all raters; empty for no product.
CREATE FUNCTION review_product_risk(product bigint, instant timestamptz) RETURNS text LANGUAGE sql STABLE AS $$
    SELECT coalesce((
        SELECT 'R' || r.risk FROM portfolio_ratings_on(portfolio_day_of(instant)) AS r WHERE r.product_id = product
    ), '')
$$;

-- Copy: fixed once a version has been checked, but for what it is called and whose it is.
CREATE FUNCTION review_copy_kept() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    free CONSTANT text[] := ARRAY['name', 'name_en', 'owner_id'];
BEGIN
    IF NOT review_changed(to_jsonb(OLD), to_jsonb(NEW)) <@ free
       AND (NEW.id <> OLD.id OR NEW.code <> OLD.code OR EXISTS (
           SELECT FROM review_copyversion WHERE copy_id = OLD.id AND state <> 'draft'
       )) THEN
        PERFORM review_refuse('copy ' || OLD.code || ' has been checked: it is kept as it was');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER keep_checked BEFORE UPDATE ON review_copy FOR EACH ROW EXECUTE FUNCTION review_copy_kept();
CREATE TRIGGER keep_rows BEFORE DELETE ON review_copy FOR EACH ROW EXECUTE FUNCTION staff_append_only();
CREATE TRIGGER not_emptied BEFORE TRUNCATE ON review_copy EXECUTE FUNCTION staff_append_only();

-- Versions begin as drafts of their maker, one number after the other.
CREATE FUNCTION review_version_begins() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    latest integer;
BEGIN
    -- Locked, so that nothing of the copy changes meanwhile and of two versions at once one waits.
    PERFORM FROM review_copy WHERE id = NEW.copy_id FOR NO KEY UPDATE;
    SELECT max(number) INTO latest FROM review_copyversion
    WHERE copy_id = NEW.copy_id AND channel = NEW.channel AND language = NEW.language;
    IF NEW.state <> 'draft' OR NEW.revision <> 1 OR NEW.last_editor_id <> NEW.maker_id
       OR NEW.number <> coalesce(latest, 0) + 1
       OR NEW.pack_name <> '' OR NEW.pack_version <> '' OR NEW.samples <> '[]' OR num_nonnulls(
           NEW.checked_at, NEW.sampled_revision, NEW.submitted_by_id, NEW.submitted_at, NEW.deadline, NEW.checker_id,
           NEW.decided_at, NEW.expires_at, NEW.withdrawn_at, NEW.lapsed_at
       ) > 0 THEN
        PERFORM review_refuse('a version begins as the next draft of its maker');
    END IF;
    NEW.editors := ARRAY[NEW.maker_id];
    RETURN NEW;
END $$;
CREATE TRIGGER begin_as_draft BEFORE INSERT ON review_copyversion FOR EACH ROW
    EXECUTE FUNCTION review_version_begins();

-- What a version may be submitted with: its check and samples are of this revision, each finding has been answered.
CREATE FUNCTION review_may_be_submitted(version review_copyversion) RETURNS boolean LANGUAGE sql STABLE AS $$
    SELECT version.pack_name <> '' AND version.sampled_revision = version.revision
       AND version.samples <> '[]' AND NOT EXISTS (
           SELECT FROM review_copyfinding WHERE version_id = version.id AND justification = ''
       )
$$;

-- What may change of a version, by the state that it leaves and the one that it enters.
CREATE FUNCTION review_version_kept() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    step CONSTANT text := OLD.state || ' > ' || NEW.state;
    changed CONSTANT text[] := review_changed(to_jsonb(OLD), to_jsonb(NEW));
    allowed text[];
BEGIN
    CASE
    WHEN step IN ('draft > draft', 'checked > draft') THEN
        -- Written: all that was said of the revision before falls away.
        allowed := ARRAY['state', 'revision', 'subject', 'body', 'variables', 'figures_as_of', 'figures_until',
            'last_editor_id', 'editors', 'edited_at', 'pack_name', 'pack_version', 'checked_at', 'samples',
            'sampled_revision'];
        IF NEW.revision <> OLD.revision + 1 THEN
            PERFORM review_refuse('an edit of version ' || OLD.id || ' is its next revision');
        END IF;
        NEW.editors := CASE WHEN NEW.last_editor_id = ANY (OLD.editors) THEN OLD.editors
            ELSE OLD.editors || NEW.last_editor_id END;
        NEW.pack_name := '';
        NEW.pack_version := '';
        NEW.checked_at := NULL;
        NEW.samples := '[]';
        NEW.sampled_revision := NULL;
    WHEN step = 'draft > checked' THEN
        allowed := ARRAY['state', 'pack_name', 'pack_version', 'checked_at'];
        IF NEW.pack_name = '' OR NEW.pack_version = '' OR NEW.checked_at IS NULL THEN
            PERFORM review_refuse('checked copy names its rule pack');
        END IF;
    WHEN step = 'checked > checked' THEN
        allowed := ARRAY['samples', 'sampled_revision'];
        IF NEW.sampled_revision <> NEW.revision THEN
            PERFORM review_refuse('samples are of the current revision');
        END IF;
    WHEN step = 'checked > submitted' THEN
        allowed := ARRAY['state', 'submitted_by_id', 'submitted_at', 'deadline', 'editors'];
        IF NEW.submitted_by_id IS NULL OR NEW.submitted_at IS NULL OR NEW.deadline IS NULL
           OR NEW.deadline <= NEW.submitted_at OR NOT review_may_be_submitted(OLD) THEN
            PERFORM review_refuse('version ' || OLD.id || ' cannot be submitted yet');
        END IF;
        NEW.editors := CASE WHEN NEW.submitted_by_id = ANY (OLD.editors) THEN OLD.editors
            ELSE OLD.editors || NEW.submitted_by_id END;
    WHEN step IN ('submitted > approved', 'submitted > returned', 'submitted > rejected') THEN
        allowed := ARRAY['state', 'checker_id', 'decided_at', 'expires_at', 'expiry_reason'];
        IF NOT EXISTS (
            SELECT FROM review_opinion AS o
            WHERE o.version_id = OLD.id AND o.decision = NEW.state AND o.by_id = NEW.checker_id
              AND o.at = NEW.decided_at AND o.template_hash = OLD.template_hash
              AND o.expires_at IS NOT DISTINCT FROM NEW.expires_at AND o.expiry_reason = NEW.expiry_reason
        ) THEN
            PERFORM review_refuse('version ' || OLD.id || ' is decided by an opinion only');
        END IF;
    WHEN OLD.state NOT IN ('rejected', 'withdrawn') AND NEW.state = 'withdrawn' THEN
        allowed := ARRAY['state', 'withdrawn_at'];
        IF NOT EXISTS (
            SELECT FROM review_opinion
            WHERE version_id = OLD.id AND decision = 'withdrawn' AND at = NEW.withdrawn_at
        ) THEN
            PERFORM review_refuse('version ' || OLD.id || ' is withdrawn by an opinion only');
        END IF;
    WHEN step = 'approved > approved' THEN
        allowed := ARRAY['lapsed_at', 'lapse_reason'];
        IF OLD.lapsed_at IS NOT NULL OR NEW.lapsed_at IS NULL THEN
            PERFORM review_refuse('an approval lapses once');
        END IF;
    ELSE
        PERFORM review_refuse('version ' || OLD.id || ': ' || step || ' is no step of review');
    END CASE;
    IF NOT changed <@ allowed THEN
        PERFORM review_refuse('version ' || OLD.id || ' is kept as it is: ' || step || ' does not change '
            || array_to_string(ARRAY(SELECT unnest(changed) EXCEPT SELECT unnest(allowed)), ', '));
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER keep_state BEFORE UPDATE ON review_copyversion FOR EACH ROW EXECUTE FUNCTION review_version_kept();
CREATE TRIGGER keep_rows BEFORE DELETE ON review_copyversion FOR EACH ROW EXECUTE FUNCTION staff_append_only();
CREATE TRIGGER not_emptied BEFORE TRUNCATE ON review_copyversion EXECUTE FUNCTION staff_append_only();

-- Findings: written and taken away with the draft; then only answered.
CREATE FUNCTION review_finding_kept() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    version review_copyversion;
    changed text[];
BEGIN
    SELECT * INTO version FROM review_copyversion
    WHERE id = CASE TG_OP WHEN 'INSERT' THEN NEW.version_id ELSE OLD.version_id END FOR NO KEY UPDATE;
    IF TG_OP = 'DELETE' THEN
        IF version.state <> 'draft' THEN
            PERFORM review_refuse('findings of checked copy are kept');
        END IF;
        RETURN OLD;
    END IF;
    IF TG_OP = 'INSERT' THEN
        IF version.state <> 'draft' OR NEW.revision <> version.revision OR NEW.justification <> ''
           OR num_nonnulls(NEW.justified_by_id, NEW.accepted_by_id, NEW.accepted_at) > 0 THEN
            PERFORM review_refuse('findings are of the draft that was checked');
        END IF;
        RETURN NEW;
    END IF;
    changed := review_changed(to_jsonb(OLD), to_jsonb(NEW));
    IF version.state = 'checked' AND changed <@ ARRAY['justification', 'justified_by_id', 'justified_at'] THEN
        RETURN NEW;
    END IF;
    IF version.state = 'submitted' AND changed <@ ARRAY['accepted_by_id', 'accepted_at'] AND (
        NEW.accepted_by_id IS NULL
        OR (review_is_officer(NEW.accepted_by_id) AND NEW.accepted_by_id <> ALL (version.editors)
            AND NEW.accepted_by_id <> NEW.justified_by_id)
    ) THEN
        RETURN NEW;
    END IF;
    PERFORM review_refuse('finding ' || OLD.id || ' is kept as it was');
END $$;
CREATE TRIGGER keep_finding BEFORE INSERT OR UPDATE OR DELETE ON review_copyfinding FOR EACH ROW
    EXECUTE FUNCTION review_finding_kept();
CREATE TRIGGER not_emptied BEFORE TRUNCATE ON review_copyfinding EXECUTE FUNCTION staff_append_only();

-- An exception is what its request says, of two officers who did not write, while the version is reviewed.
CREATE FUNCTION review_exception_granted() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    version review_copyversion;
BEGIN
    SELECT * INTO version FROM review_copyversion WHERE id = NEW.version_id FOR NO KEY UPDATE;
    IF version.state <> 'submitted' OR version.template_hash <> NEW.template_hash
       OR NEW.asked_by_id = ANY (version.editors) OR NEW.granted_by_id = ANY (version.editors)
       OR NOT review_is_officer(NEW.asked_by_id) OR NOT review_is_officer(NEW.granted_by_id)
       OR NOT EXISTS (
           SELECT FROM staff_request AS r WHERE r.id = NEW.request_id AND r.maker_id = NEW.asked_by_id
             AND r.checker_id = NEW.granted_by_id AND r.proposal ->> 'finding' = NEW.finding_id::text
             AND r.proposal ->> 'template_hash' = NEW.template_hash
       ) OR NOT EXISTS (
           SELECT FROM review_copyfinding AS f WHERE f.id = NEW.finding_id AND f.version_id = NEW.version_id
             AND f.rule = NEW.rule AND f.text = NEW.text
       ) THEN
        PERFORM review_refuse('an exception is granted by two officers for one finding of a submitted version');
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER approved BEFORE INSERT ON review_wordingexception FOR EACH ROW
    EXECUTE FUNCTION staff_needs_approval('review.exception');
CREATE TRIGGER granted_by_two BEFORE INSERT ON review_wordingexception FOR EACH ROW
    EXECUTE FUNCTION review_exception_granted();
CREATE TRIGGER keep_rows BEFORE UPDATE OR DELETE ON review_wordingexception FOR EACH ROW
    EXECUTE FUNCTION staff_append_only();
CREATE TRIGGER not_emptied BEFORE TRUNCATE ON review_wordingexception EXECUTE FUNCTION staff_append_only();

-- Findings that still stand against an approval by this officer: a warning that they did not accept by name, anything
-- worse without an exception that somebody else granted.
CREATE FUNCTION review_open_findings(version bigint, officer bigint) RETURNS SETOF review_copyfinding
LANGUAGE sql STABLE AS $$
    SELECT f.* FROM review_copyfinding AS f
    LEFT JOIN review_wordingexception AS e ON e.finding_id = f.id AND e.granted_by_id <> officer
    WHERE f.version_id = version AND e.id IS NULL
      AND (f.severity <> 'warn' OR f.justification = '' OR f.accepted_by_id IS DISTINCT FROM officer)
$$;

CREATE FUNCTION review_opinion_given() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    version review_copyversion;
BEGIN
    SELECT * INTO version FROM review_copyversion WHERE id = NEW.version_id FOR UPDATE;
    IF NEW.template_hash <> version.template_hash THEN
        PERFORM review_refuse('the opinion is about another text than version ' || version.id);
    END IF;
    IF NEW.decision = 'withdrawn' THEN
        IF NOT EXISTS (SELECT FROM staff_staff WHERE id = NEW.by_id AND is_active) THEN
            PERFORM review_refuse('copy is withdrawn by active staff');
        END IF;
        RETURN NEW;
    END IF;
    IF version.state <> 'submitted' OR NEW.at < version.submitted_at OR NOT review_is_officer(NEW.by_id)
       OR NEW.by_id = ANY (version.editors) OR NEW.pack_name <> version.pack_name
       OR NEW.pack_version <> version.pack_version THEN
        PERFORM review_refuse('version ' || version.id || ' is decided by an officer who did not write in it');
    END IF;
    IF NEW.decision = 'approved' THEN
        IF EXISTS (SELECT FROM review_open_findings(version.id, NEW.by_id)) THEN
            PERFORM review_refuse('version ' || version.id || ' has open findings');
        END IF;
        IF NEW.expires_at > NEW.at + interval '180 days' OR NEW.expiry_reason = ''
           OR portfolio_day_of(NEW.expires_at - interval '1 microsecond') > version.figures_until THEN
            PERFORM review_refuse('the approval of version ' || version.id || ' holds too long');
        END IF;
        IF NEW.product_risk <> (
            SELECT review_product_risk(c.product_id, NEW.at) FROM review_copy AS c WHERE c.id = version.copy_id
        ) THEN
            PERFORM review_refuse('the approval of version ' || version.id || ' is for another product risk');
        END IF;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER given_by_officer BEFORE INSERT ON review_opinion FOR EACH ROW EXECUTE FUNCTION review_opinion_given();

-- The opinion is the decision; the newer approval of a channel and language takes the place of the one before.
CREATE FUNCTION review_opinion_decides() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF NEW.decision = 'withdrawn' THEN
        UPDATE review_copyversion SET state = 'withdrawn', withdrawn_at = NEW.at WHERE id = NEW.version_id;
        RETURN NULL;
    END IF;
    UPDATE review_copyversion
    SET state = NEW.decision, checker_id = NEW.by_id, decided_at = NEW.at, expires_at = NEW.expires_at,
        expiry_reason = NEW.expiry_reason
    WHERE id = NEW.version_id;
    IF NEW.decision = 'approved' THEN
        UPDATE review_copyversion AS older SET lapsed_at = NEW.at, lapse_reason = 'superseded'
        FROM review_copyversion AS newer
        WHERE newer.id = NEW.version_id AND older.copy_id = newer.copy_id AND older.channel = newer.channel
          AND older.language = newer.language AND older.id <> newer.id
          AND older.state = 'approved' AND older.lapsed_at IS NULL;
    END IF;
    RETURN NULL;
END $$;
CREATE TRIGGER decides AFTER INSERT ON review_opinion FOR EACH ROW EXECUTE FUNCTION review_opinion_decides();
CREATE TRIGGER keep_rows BEFORE UPDATE OR DELETE ON review_opinion FOR EACH ROW EXECUTE FUNCTION staff_append_only();
CREATE TRIGGER not_emptied BEFORE TRUNCATE ON review_opinion EXECUTE FUNCTION staff_append_only();

CREATE FUNCTION review_evidence_kept() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' OR NOT EXISTS (
        SELECT FROM review_copyversion
        WHERE id = CASE TG_OP WHEN 'INSERT' THEN NEW.version_id ELSE OLD.version_id END
          AND state IN ('draft', 'checked') FOR NO KEY UPDATE
    ) THEN
        PERFORM review_refuse('evidence of submitted copy is kept');
    END IF;
    RETURN CASE TG_OP WHEN 'INSERT' THEN NEW ELSE OLD END;
END $$;
CREATE TRIGGER keep_evidence BEFORE INSERT OR UPDATE OR DELETE ON review_evidence FOR EACH ROW
    EXECUTE FUNCTION review_evidence_kept();
CREATE TRIGGER not_emptied BEFORE TRUNCATE ON review_evidence EXECUTE FUNCTION staff_append_only();

CREATE TRIGGER keep_rows BEFORE UPDATE OR DELETE ON review_checkedvalue FOR EACH ROW
    EXECUTE FUNCTION staff_append_only();
CREATE TRIGGER not_emptied BEFORE TRUNCATE ON review_checkedvalue EXECUTE FUNCTION staff_append_only();

-- What may be sent at an instant: approved with exactly this content, neither lapsed nor at its end (excluded), and the
-- product has the risk that the approval was given for.
CREATE FUNCTION review_approved(instant timestamptz) RETURNS TABLE (
    copy_version_id bigint, template_hash text, expires_at timestamptz, product_id bigint, purpose text,
    channel text, language text
) LANGUAGE sql STABLE AS $$
    SELECT v.id, v.template_hash::text, v.expires_at, c.product_id, c.purpose::text, v.channel::text, v.language::text
    FROM review_copyversion AS v
    JOIN review_copy AS c ON c.id = v.copy_id
    JOIN review_opinion AS o ON o.version_id = v.id AND o.decision = 'approved' AND o.template_hash = v.template_hash
    WHERE v.state = 'approved' AND v.lapsed_at IS NULL AND v.decided_at <= instant AND instant < v.expires_at
      AND (c.product_id IS NULL OR review_product_risk(c.product_id, instant) = o.product_risk)
$$;
