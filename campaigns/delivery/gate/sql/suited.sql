suited AS (
    SELECT s.member_id, {outcome} AS outcome, {code} AS code, {reasons} AS reasons,
        jsonb_build_object('message_table', '{version}', {recorded}) AS snapshot
    FROM (
        SELECT f.*, {line} AS line
        FROM (SELECT facts.*, %(is_broadcast)s::boolean AS is_broadcast FROM ({facts}) AS facts OFFSET 0) AS f
        OFFSET 0
    ) AS s
),
