suit AS MATERIALIZED (
    SELECT {kept}, {line} AS line
    FROM (SELECT facts.*, %(is_broadcast)s::boolean AS is_broadcast FROM ({facts}) AS facts OFFSET 0) AS f
),
suit_product AS (
    SELECT {of_all} FROM suit AS f LIMIT 1
),
suit_read AS MATERIALIZED (
    SELECT s.line, {outcome} AS outcome, {code} AS code, {reasons} AS reasons
    FROM (SELECT DISTINCT line FROM suit) AS s
),
suited AS (
    SELECT l.member_id, {of_each}, l.line, r.outcome FROM suit AS l JOIN suit_read AS r ON r.line = l.line
),
