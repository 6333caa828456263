-- Members by the stage and sub-state they have now and those that other thresholds give, with assets; how many of whose
-- book carry a warning now and then; and samples of those that would move.
, compared AS (
    SELECT a.member_id, s.stage AS before, s.sub_state AS sub_before, a.stage AS after, a.sub_state AS sub_after, a.aum,
           s.warnings <> 0 AS warned_before, a.warnings <> 0 AS warned_after
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
    (SELECT jsonb_agg(jsonb_build_array(before, sub_before, after, sub_after, members, aum)) FROM (
        SELECT before, sub_before, after, sub_after, count(*) AS members, sum(aum)::text AS aum
        FROM compared GROUP BY before, sub_before, after, sub_after
    ) t),
    (SELECT count(*) FROM ranked),
    (SELECT jsonb_agg(to_jsonb(r) - 'place' - 'warned_before' - 'warned_after') FROM ranked r WHERE place <= %(samples)s),
    (SELECT jsonb_agg(jsonb_build_array(staff_id, before, after)) FROM (
        SELECT b.staff_id, count(*) FILTER (WHERE warned_before) AS before, count(*) FILTER (WHERE warned_after) AS after
        FROM compared c
        LEFT JOIN profiles_book b ON b.member_id = c.member_id AND b.ended_at IS NULL
        WHERE warned_before OR warned_after
        GROUP BY b.staff_id
    ) t)
