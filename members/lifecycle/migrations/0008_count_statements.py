"""Count stages once a statement: a drain changes thousands of standings at once, and a call for each is dear."""

from django.db import migrations

STATEMENTS = """
DROP TRIGGER count_entered ON lifecycle_standing;
DROP TRIGGER count_changed ON lifecycle_standing;
DROP TRIGGER count_left ON lifecycle_standing;
DROP FUNCTION lifecycle_stage_counted;

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
"""

ROWS = """
DROP TRIGGER count_entered ON lifecycle_standing;
DROP TRIGGER count_changed ON lifecycle_standing;
DROP TRIGGER count_left ON lifecycle_standing;
DROP FUNCTION lifecycle_stages_entered, lifecycle_stages_changed, lifecycle_stages_left;

CREATE FUNCTION lifecycle_stage_counted() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP <> 'INSERT' AND OLD.stage IS NOT NULL THEN
        INSERT INTO lifecycle_stagecount (stage, sub_state, members, folded)
        VALUES (OLD.stage, OLD.sub_state, -1, false);
    END IF;
    IF TG_OP <> 'DELETE' AND NEW.stage IS NOT NULL THEN
        INSERT INTO lifecycle_stagecount (stage, sub_state, members, folded)
        VALUES (NEW.stage, NEW.sub_state, 1, false);
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
"""


class Migration(migrations.Migration):
    dependencies = [("lifecycle", "0007_counted_choices")]

    operations = [migrations.RunSQL(STATEMENTS, ROWS)]
