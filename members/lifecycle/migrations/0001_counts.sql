-- How many members are in each stage, and how many transitions each platform day has, kept up by the writers
-- themselves. Writers only add rows (counts up or down): none waits for another, so there is no order to deadlock
-- in. A job adds the rows up later; readers sum over all rows and are right before, during and after it.

-- Counts the transitions that a statement inserts.
CREATE FUNCTION lifecycle_count_transitions() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO lifecycle_transitioncount (day, from_stage, from_sub_state, to_stage, to_sub_state, won_back, members, is_total)
    SELECT lifecycle_platform_day(effective_at), from_stage, from_sub_state, to_stage, to_sub_state, won_back, count(*), false
    FROM new_rows WHERE superseded_at IS NULL
    GROUP BY 1, 2, 3, 4, 5, 6;
    RETURN NULL;
END $$;

-- A transition changes once, when it is superseded (trigger keep_record): it is subtracted.
CREATE FUNCTION lifecycle_uncount_transitions() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO lifecycle_transitioncount (day, from_stage, from_sub_state, to_stage, to_sub_state, won_back, members, is_total)
    SELECT lifecycle_platform_day(effective_at), from_stage, from_sub_state, to_stage, to_sub_state, won_back, -count(*), false
    FROM new_rows WHERE superseded_at IS NOT NULL
    GROUP BY 1, 2, 3, 4, 5, 6;
    RETURN NULL;
END $$;

CREATE TRIGGER count_inserted AFTER INSERT ON lifecycle_transition
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION lifecycle_count_transitions();
CREATE TRIGGER count_superseded AFTER UPDATE ON lifecycle_transition
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION lifecycle_uncount_transitions();

-- Stages are counted once a statement: a drain changes thousands of standings at once, and a call for each is dear.
CREATE FUNCTION lifecycle_stages_inserted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO lifecycle_stagecount (stage, sub_state, members, is_total)
    SELECT stage, sub_state, count(*), false FROM new_rows WHERE stage IS NOT NULL GROUP BY 1, 2;
    RETURN NULL;
END $$;
CREATE FUNCTION lifecycle_stages_updated() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO lifecycle_stagecount (stage, sub_state, members, is_total)
    SELECT stage, sub_state, sum(one), false FROM (
        SELECT stage, sub_state, 1 AS one FROM new_rows
        UNION ALL
        SELECT stage, sub_state, -1 FROM old_rows
    ) changed
    WHERE stage IS NOT NULL GROUP BY 1, 2 HAVING sum(one) <> 0;
    RETURN NULL;
END $$;
CREATE FUNCTION lifecycle_stages_deleted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO lifecycle_stagecount (stage, sub_state, members, is_total)
    SELECT stage, sub_state, -count(*), false FROM old_rows WHERE stage IS NOT NULL GROUP BY 1, 2;
    RETURN NULL;
END $$;

CREATE TRIGGER count_inserted AFTER INSERT ON lifecycle_standing
    REFERENCING NEW TABLE AS new_rows FOR EACH STATEMENT EXECUTE FUNCTION lifecycle_stages_inserted();
CREATE TRIGGER count_updated AFTER UPDATE ON lifecycle_standing
    REFERENCING OLD TABLE AS old_rows NEW TABLE AS new_rows FOR EACH STATEMENT
    EXECUTE FUNCTION lifecycle_stages_updated();
CREATE TRIGGER count_deleted AFTER DELETE ON lifecycle_standing
    REFERENCING OLD TABLE AS old_rows FOR EACH STATEMENT EXECUTE FUNCTION lifecycle_stages_deleted();
