-- Questionnaires: versions come by approved requests, attempts by the member's own link and within the limits; what
-- follows from the answers is computed here, and the member's class with its end follows. Nothing is changed later.

CREATE FUNCTION profiles_day_of(instant timestamptz) RETURNS date LANGUAGE sql STABLE AS $$
    SELECT (instant AT TIME ZONE coalesce(nullif(current_setting('perennial.zone', true), ''), 'UTC'))::date
$$;

-- Score and class of answers, as members.profiles.questionnaires.versions.score computes them. Each question is answered, with
-- options that it has, a single one with one option; of several options the highest score counts. The class is that of
-- the highest band whose score is reached, and no higher than any chosen option allows ("most").
CREATE FUNCTION profiles_risk_result(
    questions jsonb, bands jsonb, answers jsonb, OUT score integer, OUT risk_class text
) LANGUAGE plpgsql IMMUTABLE AS $$
DECLARE
    question jsonb;
    chosen jsonb;
    found record;
    most text := 'C5';
    is_complete boolean := jsonb_typeof(answers) IS NOT DISTINCT FROM 'object';
BEGIN
    score := 0;
    is_complete := is_complete
        AND (SELECT count(*) FROM jsonb_object_keys(answers)) = jsonb_array_length(questions);
    IF is_complete THEN
        FOR question IN SELECT value FROM jsonb_array_elements(questions) LOOP
            chosen := answers -> (question ->> 'key');
            IF jsonb_typeof(chosen) IS DISTINCT FROM 'array' THEN
                is_complete := false;
                EXIT;
            END IF;
            SELECT count(*) AS known, max((o.value ->> 'score')::integer) AS best, min(o.value ->> 'most') AS most
            INTO found FROM jsonb_array_elements(question -> 'options') AS o WHERE chosen ? (o.value ->> 'key');
            IF found.known = 0 OR found.known <> jsonb_array_length(chosen)
               OR (question ->> 'kind' <> 'multiple' AND found.known > 1) THEN
                is_complete := false;
                EXIT;
            END IF;
            score := score + found.best;
            most := least(most, found.most);
        END LOOP;
    END IF;
    IF NOT is_complete OR score IS NULL THEN
        RAISE EXCEPTION 'the answers do not fit the questionnaire'
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = 'attempt_answers_fit';
    END IF;
    risk_class := least(
        most, coalesce((SELECT max(key) FROM jsonb_each_text(bands) WHERE value::integer <= score), 'C1')
    );
END $$;

-- A version is what its request says, one number after the other, each from the day of the one before on or later.
CREATE FUNCTION profiles_questionnaire_requested() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    asked jsonb;
    latest record;
BEGIN
    PERFORM pg_advisory_xact_lock(hashtextextended('profiles questionnaire ' || NEW.code, 0));
    SELECT r.proposal INTO asked FROM staff_request AS r
    WHERE r.id = NEW.request_id AND r.proposal ->> 'code' = NEW.code
      AND (r.proposal ->> 'effective_from')::date <= NEW.effective_from;
    IF asked IS NULL OR asked -> 'values' IS DISTINCT FROM to_jsonb(NEW) - ARRAY[
        'id', 'code', 'number', 'effective_from', 'note', 'request_id', 'created_at'
    ] THEN
        RAISE EXCEPTION 'a questionnaire is what its request says' USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    SELECT v.number, v.effective_from INTO latest FROM profiles_questionnaire AS v
    WHERE v.code = NEW.code ORDER BY v.number DESC LIMIT 1;
    IF NEW.number <> coalesce(latest.number, 0) + 1 OR NEW.effective_from < latest.effective_from THEN
        RAISE EXCEPTION 'version % of questionnaire % no longer follows the latest', NEW.number, NEW.code
            USING ERRCODE = 'integrity_constraint_violation';
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER approved BEFORE INSERT ON profiles_questionnaire FOR EACH ROW
    EXECUTE FUNCTION staff_needs_approval('profiles.questionnaire');
CREATE TRIGGER as_requested BEFORE INSERT ON profiles_questionnaire FOR EACH ROW
    EXECUTE FUNCTION profiles_questionnaire_requested();

CREATE FUNCTION profiles_locked_member(subject bigint) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
    PERFORM FROM profiles_member WHERE id = subject FOR NO KEY UPDATE;
    IF NOT FOUND THEN
        RAISE foreign_key_violation USING MESSAGE = format('member %s does not exist', subject);
    END IF;
END $$;

CREATE FUNCTION profiles_questionnaire_link_numbered() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM profiles_locked_member(NEW.member_id);
    SELECT coalesce(max(l.number), 0) + 1 INTO NEW.number
    FROM profiles_questionnairelink AS l WHERE l.member_id = NEW.member_id;
    RETURN NEW;
END $$;
CREATE TRIGGER numbered BEFORE INSERT ON profiles_questionnairelink FOR EACH ROW
    EXECUTE FUNCTION profiles_questionnaire_link_numbered();

-- The days of the assessments a member has had in the year up to a platform day: own attempts, and what other systems of
-- the institution sent where it is not of a day with an own attempt.
CREATE FUNCTION profiles_assessment_days(subject bigint, today date) RETURNS SETOF date LANGUAGE sql STABLE AS $$
    SELECT a.day FROM profiles_attempt AS a
    WHERE a.member_id = subject AND a.day > (today - interval '1 year')::date
    UNION ALL
    SELECT r.assessed_on FROM profiles_riskassessment AS r
    WHERE r.member_id = subject AND r.assessed_on > (today - interval '1 year')::date AND NOT EXISTS (
        SELECT FROM profiles_attempt AS o WHERE o.member_id = subject AND o.day = r.assessed_on
    )
$$;

-- The member is locked first, so that of two at once the second counts the first.
CREATE FUNCTION profiles_attempt_judged() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    link record;
    version record;
    last record;
    made record;
    refused text;
BEGIN
    PERFORM profiles_locked_member(NEW.member_id);
    NEW.day := profiles_day_of(NEW.at);
    SELECT * INTO link FROM profiles_questionnairelink AS l WHERE l.member_id = NEW.member_id AND l.id = NEW.id;
    SELECT * INTO last FROM profiles_attempt AS a WHERE a.member_id = NEW.member_id ORDER BY a.number DESC LIMIT 1;
    SELECT v.* INTO version FROM profiles_questionnaire AS v
    WHERE v.code = (SELECT code FROM profiles_questionnaire WHERE id = NEW.questionnaire_id)
      AND v.effective_from <= NEW.day
    ORDER BY v.number DESC LIMIT 1;
    SELECT count(*) FILTER (WHERE one = NEW.day) AS of_day, count(*) AS of_year INTO made
    FROM profiles_assessment_days(NEW.member_id, NEW.day) AS one;
    refused := CASE
        WHEN link.id IS NULL OR link.proof_hash <> sha256(convert_to(NEW.proof, 'UTF8')) THEN 'attempt_by_its_link'
        WHEN NEW.at < link.created_at OR NEW.at >= link.expires_at OR EXISTS (
            SELECT FROM profiles_questionnairelink AS l WHERE l.member_id = NEW.member_id AND l.number > link.number
        ) THEN 'attempt_in_time'
        WHEN NEW.at < last.at THEN 'attempt_in_order'
        WHEN version.id IS DISTINCT FROM NEW.questionnaire_id THEN 'attempt_of_version_in_force'
        WHEN made.of_day >= 2 THEN 'attempt_two_a_day'
        WHEN made.of_year >= 8 THEN 'attempt_eight_a_year'
    END;
    IF refused IS NOT NULL THEN
        RAISE EXCEPTION 'attempt of member % refused: %', NEW.member_id, refused
            USING ERRCODE = 'integrity_constraint_violation', CONSTRAINT = refused;
    END IF;
    SELECT r.score, r.risk_class INTO NEW.score, NEW.risk_class
    FROM profiles_risk_result(version.questions, version.bands, NEW.answers) AS r;
    NEW.number := coalesce(last.number, 0) + 1;
    NEW.ends_on := (NEW.day + make_interval(months => version.validity_months))::date;
    RETURN NEW;
END $$;
CREATE TRIGGER judged BEFORE INSERT ON profiles_attempt FOR EACH ROW EXECUTE FUNCTION profiles_attempt_judged();

CREATE FUNCTION profiles_attempt_counts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO profiles_riskassessment (member_id, assessed_on, risk_class, questionnaire_version)
    SELECT NEW.member_id, NEW.day, NEW.risk_class, q.code || ' v' || q.number
    FROM profiles_questionnaire AS q WHERE q.id = NEW.questionnaire_id
    ON CONFLICT (member_id, assessed_on) DO UPDATE
    SET risk_class = EXCLUDED.risk_class, questionnaire_version = EXCLUDED.questionnaire_version, import_id = NULL;
    UPDATE profiles_member
    SET risk_class = NEW.risk_class, risk_assessed_on = NEW.day, risk_ends_on = NEW.ends_on,
        updated_at = greatest(updated_at, NEW.at)
    WHERE id = NEW.member_id AND (risk_assessed_on IS NULL OR risk_assessed_on <= NEW.day);
    RETURN NULL;
END $$;
CREATE TRIGGER counts AFTER INSERT ON profiles_attempt FOR EACH ROW EXECUTE FUNCTION profiles_attempt_counts();

-- What the member answered in person says the class of that day, whatever a file says of it.
CREATE FUNCTION profiles_assessment_answered() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    own record;
BEGIN
    SELECT a.risk_class, q.code || ' v' || q.number AS version INTO own
    FROM profiles_attempt AS a JOIN profiles_questionnaire AS q ON q.id = a.questionnaire_id
    WHERE a.member_id = NEW.member_id AND a.day = NEW.assessed_on ORDER BY a.number DESC LIMIT 1;
    IF FOUND THEN
        NEW.risk_class := own.risk_class;
        NEW.questionnaire_version := own.version;
        NEW.import_id := NULL;
    END IF;
    RETURN NEW;
END $$;
CREATE TRIGGER answered BEFORE UPDATE ON profiles_riskassessment
    FOR EACH ROW EXECUTE FUNCTION profiles_assessment_answered();

-- The end of an assessment where it is earlier than a year: of a shorter validity, or of a withdrawal after it, as far as
-- that was known on a day. A withdrawal counts against the attempts before it; against what another system sent for
-- its own day too, since nobody knows which of the two came first.
CREATE FUNCTION profiles_risk_ends_on(subject bigint, assessed date, known_by date DEFAULT 'infinity')
RETURNS date LANGUAGE sql STABLE AS $$
    SELECT nullif(
        least(own.ends_on, (
            SELECT min(w.day) FROM profiles_assessmentwithdrawal AS w
            WHERE w.member_id = subject AND w.day <= known_by
              AND CASE WHEN own.number IS NULL THEN w.day >= assessed ELSE w.after_number >= own.number END
        )),
        (assessed + interval '1 year')::date
    )
    FROM (SELECT) AS always LEFT JOIN LATERAL (
        SELECT a.number, a.ends_on FROM profiles_attempt AS a
        WHERE a.member_id = subject AND a.day = assessed ORDER BY a.number DESC LIMIT 1
    ) AS own ON true
$$;

CREATE FUNCTION profiles_member_risk() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    NEW.risk_class := coalesce((
        SELECT a.risk_class FROM profiles_attempt AS a
        WHERE a.member_id = NEW.id AND a.day = NEW.risk_assessed_on ORDER BY a.number DESC LIMIT 1
    ), NEW.risk_class);
    NEW.risk_ends_on := CASE WHEN NEW.risk_assessed_on IS NOT NULL
        THEN profiles_risk_ends_on(NEW.id, NEW.risk_assessed_on) END;
    RETURN NEW;
END $$;
CREATE TRIGGER member_risk BEFORE UPDATE OF risk_class, risk_assessed_on, risk_ends_on ON profiles_member
    FOR EACH ROW WHEN (
        OLD.risk_class IS DISTINCT FROM NEW.risk_class OR OLD.risk_assessed_on IS DISTINCT FROM NEW.risk_assessed_on
        OR OLD.risk_ends_on IS DISTINCT FROM NEW.risk_ends_on
    ) EXECUTE FUNCTION profiles_member_risk();

CREATE FUNCTION profiles_withdrawal_numbered() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    PERFORM profiles_locked_member(NEW.member_id);
    NEW.day := profiles_day_of(NEW.at);
    SELECT coalesce(max(w.number), 0) + 1 INTO NEW.number
    FROM profiles_assessmentwithdrawal AS w WHERE w.member_id = NEW.member_id;
    SELECT coalesce(max(a.number), 0) INTO NEW.after_number
    FROM profiles_attempt AS a WHERE a.member_id = NEW.member_id;
    RETURN NEW;
END $$;
CREATE TRIGGER numbered BEFORE INSERT ON profiles_assessmentwithdrawal FOR EACH ROW
    EXECUTE FUNCTION profiles_withdrawal_numbered();

CREATE FUNCTION profiles_withdrawal_counts() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE profiles_member SET risk_ends_on = NEW.day, updated_at = greatest(updated_at, NEW.at)
    WHERE id = NEW.member_id AND risk_assessed_on IS NOT NULL;
    RETURN NULL;
END $$;
CREATE TRIGGER counts AFTER INSERT ON profiles_assessmentwithdrawal FOR EACH ROW
    EXECUTE FUNCTION profiles_withdrawal_counts();

DO $$
DECLARE
    kept text;
BEGIN
    FOREACH kept IN ARRAY ARRAY[
        'questionnaire', 'questionnairelink', 'attempt', 'assessmentwithdrawal', 'assessmentnotice'
    ] LOOP
        EXECUTE format(
            'CREATE TRIGGER keep_rows BEFORE UPDATE OR DELETE ON profiles_%1$s
                FOR EACH ROW EXECUTE FUNCTION staff_append_only();
             CREATE TRIGGER not_emptied BEFORE TRUNCATE ON profiles_%1$s EXECUTE FUNCTION staff_append_only()', kept
        );
    END LOOP;
END $$;
