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

-- Most updates of a standing change no stage (valuations within its bounds, evaluations with the same answer). A trigger
-- for each row with a condition costs those next to nothing, transition tables would cost every one of them.
CREATE FUNCTION lifecycle_stage_counted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'INSERT' OR (TG_OP = 'UPDATE' AND OLD.stage IS NULL) THEN
        INSERT INTO lifecycle_stagecount (stage, sub_state, members, folded)
        VALUES (NEW.stage, NEW.sub_state, 1, false);
    ELSIF TG_OP = 'DELETE' OR NEW.stage IS NULL THEN
        INSERT INTO lifecycle_stagecount (stage, sub_state, members, folded)
        VALUES (OLD.stage, OLD.sub_state, -1, false);
    ELSE
        INSERT INTO lifecycle_stagecount (stage, sub_state, members, folded)
        VALUES (OLD.stage, OLD.sub_state, -1, false), (NEW.stage, NEW.sub_state, 1, false);
    END IF;
    RETURN NULL;
END $$;

CREATE TRIGGER count_entered AFTER INSERT ON lifecycle_standing FOR EACH ROW
    WHEN (NEW.stage IS NOT NULL) EXECUTE FUNCTION lifecycle_stage_counted();
CREATE TRIGGER count_changed AFTER UPDATE ON lifecycle_standing FOR EACH ROW
    WHEN (OLD.stage IS DISTINCT FROM NEW.stage OR OLD.sub_state IS DISTINCT FROM NEW.sub_state)
    EXECUTE FUNCTION lifecycle_stage_counted();
CREATE TRIGGER count_left AFTER DELETE ON lifecycle_standing FOR EACH ROW
    WHEN (OLD.stage IS NOT NULL) EXECUTE FUNCTION lifecycle_stage_counted();

-- What is there already.
INSERT INTO lifecycle_movecount (day, from_stage, from_sub_state, to_stage, to_sub_state, members, folded)
SELECT lifecycle_platform_day(effective_at), from_stage, from_sub_state, to_stage, to_sub_state, count(*), true
FROM lifecycle_transition WHERE superseded_at IS NULL
GROUP BY 1, 2, 3, 4, 5;
INSERT INTO lifecycle_stagecount (stage, sub_state, members, folded)
SELECT stage, sub_state, count(*), true
FROM lifecycle_standing WHERE stage IS NOT NULL
GROUP BY 1, 2;
