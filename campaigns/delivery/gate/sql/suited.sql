suit AS MATERIALIZED (
    SELECT {kept}, {line} AS line
    FROM (SELECT facts.*, %(is_broadcast)s::boolean AS is_broadcast FROM ({facts}) AS facts OFFSET 0) AS f
),
suited AS (
    SELECT l.*, r.outcome, r.code, r.reasons
    FROM suit AS l
    JOIN (
        SELECT s.line, {outcome} AS outcome, {code} AS code, {reasons} AS reasons
        FROM (SELECT DISTINCT line FROM suit) AS s
    ) AS r ON r.line = l.line
),
