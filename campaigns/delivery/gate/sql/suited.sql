suited AS (
    SELECT s.*, {outcome} AS outcome, {code} AS code, {reasons} AS reasons
    FROM (
        SELECT {kept}, {line} AS line
        FROM (SELECT facts.*, %(is_broadcast)s::boolean AS is_broadcast FROM ({facts}) AS facts OFFSET 0) AS f
        OFFSET 0
    ) AS s
),
