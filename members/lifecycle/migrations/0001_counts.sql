-- How many members are where, and how many moved on which platform day, kept up by the writers themselves.
-- Writers only add rows (counts up or down): none waits for another, so there is no order to deadlock in. A fold
-- sums the rows up later; whoever reads sums over all rows and is right before, during and after it.

-- Counts of the moves told by a statement that writes transitions.
CREATE FUNCTION lifecycle_moves_added() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO lifecycle_movecount (day, from_stage, from_sub_state, to_stage, to_sub_state, members, folded)
    SELECT lifecycle_platform_day(effective_at), from_stage, from_sub_state, to_stage, to_sub_state, count(*), false
    FROM added WHERE superseded_at IS NULL
    GROUP BY 1, 2, 3, 4, 5;
    RETURN NULL;
END $$;

-- A transition changes once, when it is superseded (trigger keep_record): its move is taken back.
CREATE FUNCTION lifecycle_moves_superseded() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO lifecycle_movecount (day, from_stage, from_sub_state, to_stage, to_sub_state, members, folded)
    SELECT lifecycle_platform_day(effective_at), from_stage, from_sub_state, to_stage, to_sub_state, -count(*), false
    FROM added WHERE superseded_at IS NOT NULL
    GROUP BY 1, 2, 3, 4, 5;
    RETURN NULL;
END $$;

CREATE TRIGGER count_added AFTER INSERT ON lifecycle_transition
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION lifecycle_moves_added();
CREATE TRIGGER count_superseded AFTER UPDATE ON lifecycle_transition
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION lifecycle_moves_superseded();

-- Stages are counted once a statement: a drain changes thousands of standings at once, and a call for each is dear.
CREATE FUNCTION lifecycle_stages_entered() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO lifecycle_stagecount (stage, sub_state, members, folded)
    SELECT stage, sub_state, count(*), false FROM added WHERE stage IS NOT NULL GROUP BY 1, 2;
    RETURN NULL;
END $$;
CREATE FUNCTION lifecycle_stages_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO lifecycle_stagecount (stage, sub_state, members, folded)
    SELECT stage, sub_state, sum(one), false FROM (
        SELECT stage, sub_state, 1 AS one FROM added
        UNION ALL
        SELECT stage, sub_state, -1 FROM taken
    ) changed
    WHERE stage IS NOT NULL GROUP BY 1, 2 HAVING sum(one) <> 0;
    RETURN NULL;
END $$;
CREATE FUNCTION lifecycle_stages_left() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    INSERT INTO lifecycle_stagecount (stage, sub_state, members, folded)
    SELECT stage, sub_state, -count(*), false FROM taken WHERE stage IS NOT NULL GROUP BY 1, 2;
    RETURN NULL;
END $$;

CREATE TRIGGER count_entered AFTER INSERT ON lifecycle_standing
    REFERENCING NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION lifecycle_stages_entered();
CREATE TRIGGER count_changed AFTER UPDATE ON lifecycle_standing
    REFERENCING OLD TABLE AS taken NEW TABLE AS added FOR EACH STATEMENT EXECUTE FUNCTION lifecycle_stages_changed();
CREATE TRIGGER count_left AFTER DELETE ON lifecycle_standing
    REFERENCING OLD TABLE AS taken FOR EACH STATEMENT EXECUTE FUNCTION lifecycle_stages_left();
