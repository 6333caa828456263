-- Members by the stage they have now and the one that other thresholds give, with assets, and samples of those that
-- would move.
, compared AS (
    SELECT a.member_id, s.stage AS before, s.sub_state AS sub_before, a.stage AS after, a.sub_state AS sub_after, a.aum
    FROM answers a
    JOIN standings s ON s.member_id = a.member_id
    WHERE s.stage IS NOT NULL
),
ranked AS (
    SELECT c.*, row_number() OVER (PARTITION BY before, after ORDER BY aum DESC, member_id) AS place
    FROM compared c
    WHERE before IS DISTINCT FROM after OR sub_before IS DISTINCT FROM sub_after
)
SELECT
    (SELECT jsonb_agg(jsonb_build_array(before, after, members, aum)) FROM (
        SELECT before, after, count(*) AS members, sum(aum)::text AS aum FROM compared GROUP BY before, after
    ) t),
    (SELECT count(*) FROM ranked),
    (SELECT jsonb_agg(to_jsonb(r) - 'place') FROM ranked r WHERE place <= %(samples)s)
