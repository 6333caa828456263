CREATE TEMP TABLE intake_parsed AS
SELECT line, fault{values}
FROM (
    SELECT s.*{found}, (CASE {faults} END)::smallint AS fault
    FROM (SELECT line{trimmed} FROM pg_temp.intake_staged OFFSET 0) AS s
    {joins}
    OFFSET 0
) AS s
