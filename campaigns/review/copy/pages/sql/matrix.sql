-- Pieces of copy by stage and theme: all that can be sent, those in Chinese, in English, under review, being written.
SELECT s.stage, c.theme,
    count(*) FILTER (WHERE said.zh OR said.en),
    count(*) FILTER (WHERE said.zh),
    count(*) FILTER (WHERE said.en),
    count(*) FILTER (WHERE said.under_review),
    count(*) FILTER (WHERE said.written)
FROM review_copy AS c
CROSS JOIN LATERAL unnest(c.stages) AS s(stage)
CROSS JOIN LATERAL (
    SELECT coalesce(bool_or(a.language = 'zh'), false) AS zh,
        coalesce(bool_or(a.language = 'en'), false) AS en,
        coalesce(bool_or(v.state = 'submitted'), false) AS under_review,
        coalesce(bool_or(v.state IN ('draft', 'checked')), false) AS written
    FROM review_copyversion AS v
    LEFT JOIN review_approved(%(now)s) AS a ON a.copy_version_id = v.id
    WHERE v.copy_id = c.id
) AS said
GROUP BY s.stage, c.theme
