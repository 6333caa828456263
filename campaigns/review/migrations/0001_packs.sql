-- Rule packs come from the shipped files, stored by the owner of the tables, or from an approved request; whoever
-- publishes a request, the rows of the new version follow from its base and the changes that were approved.

CREATE FUNCTION review_pack_is_approved() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    asked record;
    latest record;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('rule pack ' || NEW.name, 0));
    SELECT p.id, p.number, p.effective_from INTO latest FROM review_rulepack AS p
    WHERE p.name = NEW.name AND p.is_published ORDER BY p.number DESC LIMIT 1;
    IF NEW.request_id IS NULL THEN
        IF NOT pg_has_role(current_user, (SELECT relowner FROM pg_class WHERE oid = TG_RELID), 'USAGE') THEN
            RAISE EXCEPTION 'a rule pack needs an approved request' USING ERRCODE = 'integrity_constraint_violation';
        END IF;
        RETURN NEW;
    END IF;
    SELECT r.proposal, r.maker_id, r.checker_id INTO asked FROM staff_request AS r
    WHERE r.id = NEW.request_id AND r.kind = 'review.rule_pack' AND r.state = 'approved';
    IF asked IS NULL OR asked.proposal -> 'changes' IS DISTINCT FROM NEW.changes
        OR asked.proposal ->> 'base' IS DISTINCT FROM NEW.base_id::text
        OR asked.proposal ->> 'name' IS DISTINCT FROM NEW.name
        OR asked.proposal ->> 'content_hash' IS DISTINCT FROM NEW.content_hash
        OR (asked.proposal ->> 'effective_from')::date > NEW.effective_from
        OR asked.maker_id IS DISTINCT FROM NEW.maker_id OR asked.checker_id IS DISTINCT FROM NEW.approver_id
    THEN
        RAISE EXCEPTION 'a rule pack is what its request says' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    IF NEW.base_id IS DISTINCT FROM latest.id OR NEW.effective_from < latest.effective_from THEN
        RAISE EXCEPTION 'version % of rule pack % no longer follows the latest', NEW.version, NEW.name
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    SELECT p.extends, p.severities INTO NEW.extends, NEW.severities FROM review_rulepack AS p WHERE p.id = NEW.base_id;
    RETURN NEW;
END $$;
CREATE TRIGGER approved BEFORE INSERT ON review_rulepack FOR EACH ROW WHEN (NEW.request_id IS NOT NULL)
    EXECUTE FUNCTION staff_needs_approval('review.rule_pack');
CREATE TRIGGER as_requested BEFORE INSERT ON review_rulepack FOR EACH ROW EXECUTE FUNCTION review_pack_is_approved();

-- The rows of an approved version. A changed rule keeps its place, a new one follows the others.
CREATE FUNCTION review_pack_rows() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO review_packrule (pack_id, position, code, is_document, content)
    SELECT NEW.id, row_number() OVER (ORDER BY kept.position NULLS LAST, coalesce(kept.code, given.key)),
        coalesce(kept.code, given.key), coalesce(kept.is_document, false), coalesce(given.value, kept.content)
    FROM (SELECT * FROM review_packrule WHERE pack_id = NEW.base_id) AS kept
    FULL JOIN jsonb_each(coalesce(NEW.changes -> 'rules', '{}')) AS given ON given.key = kept.code
    WHERE given.value IS DISTINCT FROM 'null';

    INSERT INTO review_packreading (pack_id, kind, position, pattern)
    SELECT NEW.id, kind, position, pattern FROM review_packreading WHERE pack_id = NEW.base_id;

    INSERT INTO review_packbasis (
        pack_id, category, position, law, article, grade, status, in_force_from, in_force_to, last_checked, checked_by
    )
    SELECT NEW.id, category, position, law, article, grade, status, in_force_from, in_force_to, last_checked, checked_by
    FROM review_packbasis
    WHERE pack_id = NEW.base_id AND NOT coalesce(NEW.changes -> 'bases', '{}') ? category
    UNION ALL
    SELECT NEW.id, given.key, entry.place, entry.value ->> 'law', coalesce(entry.value ->> 'article', ''),
        entry.value ->> 'grade', coalesce(entry.value ->> 'status', 'in_force'),
        (entry.value ->> 'in_force_from')::date, (entry.value ->> 'in_force_to')::date,
        (entry.value ->> 'last_checked')::date, coalesce(entry.value ->> 'checked_by', '')
    FROM jsonb_each(coalesce(NEW.changes -> 'bases', '{}')) AS given,
        jsonb_array_elements(given.value) WITH ORDINALITY AS entry (value, place);
    RETURN NULL;
END $$;
CREATE TRIGGER make_rows AFTER INSERT ON review_rulepack FOR EACH ROW WHEN (NEW.request_id IS NOT NULL)
    EXECUTE FUNCTION review_pack_rows();

-- Rows come with their version: from the trigger above, or from the owner with a shipped one.
CREATE FUNCTION review_pack_row_of_version() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF pg_trigger_depth() < 2 AND (
        EXISTS (SELECT FROM review_rulepack WHERE id = NEW.pack_id AND request_id IS NOT NULL)
        OR NOT pg_has_role(current_user, (SELECT relowner FROM pg_class WHERE oid = TG_RELID), 'USAGE')
    ) THEN
        RAISE EXCEPTION 'a rule pack is what its request says' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER of_version BEFORE INSERT ON review_packrule FOR EACH ROW
    EXECUTE FUNCTION review_pack_row_of_version();
CREATE TRIGGER of_version BEFORE INSERT ON review_packreading FOR EACH ROW
    EXECUTE FUNCTION review_pack_row_of_version();
CREATE TRIGGER of_version BEFORE INSERT ON review_packbasis FOR EACH ROW
    EXECUTE FUNCTION review_pack_row_of_version();

CREATE TRIGGER keep_record BEFORE UPDATE OR DELETE ON review_rulepack
    FOR EACH ROW EXECUTE FUNCTION staff_append_only();
CREATE TRIGGER not_emptied BEFORE TRUNCATE ON review_rulepack EXECUTE FUNCTION staff_append_only();
CREATE TRIGGER keep_record BEFORE UPDATE OR DELETE ON review_packrule
    FOR EACH ROW EXECUTE FUNCTION staff_append_only();
CREATE TRIGGER not_emptied BEFORE TRUNCATE ON review_packrule EXECUTE FUNCTION staff_append_only();
CREATE TRIGGER keep_record BEFORE UPDATE OR DELETE ON review_packreading
    FOR EACH ROW EXECUTE FUNCTION staff_append_only();
CREATE TRIGGER not_emptied BEFORE TRUNCATE ON review_packreading EXECUTE FUNCTION staff_append_only();
CREATE TRIGGER keep_record BEFORE UPDATE OR DELETE ON review_packbasis
    FOR EACH ROW EXECUTE FUNCTION staff_append_only();
CREATE TRIGGER not_emptied BEFORE TRUNCATE ON review_packbasis EXECUTE FUNCTION staff_append_only();
CREATE TRIGGER keep_record BEFORE UPDATE OR DELETE ON review_packrescan
    FOR EACH ROW EXECUTE FUNCTION staff_append_only();
CREATE TRIGGER not_emptied BEFORE TRUNCATE ON review_packrescan EXECUTE FUNCTION staff_append_only();
CREATE TRIGGER keep_record BEFORE UPDATE OR DELETE ON review_packexample
    FOR EACH ROW EXECUTE FUNCTION staff_append_only();
CREATE TRIGGER not_emptied BEFORE TRUNCATE ON review_packexample EXECUTE FUNCTION staff_append_only();
