-- One row for an officer's home: numbers of what is open, decisions by week, findings by rule, what is due first.
WITH weeks AS (
    SELECT since, until, place
    FROM unnest(%(starts)s::timestamptz[], %(ends)s::timestamptz[]) WITH ORDINALITY AS week (since, until, place)
),
decided AS (
    SELECT opinion.decision, opinion.at, opinion.at - version.submitted_at AS took
    FROM review_opinion AS opinion
    JOIN review_copyversion AS version ON version.id = opinion.version_id
    WHERE opinion.decision <> 'withdrawn' AND opinion.at >= (SELECT min(since) FROM weeks) AND opinion.at <= %(now)s
),
by_week AS (
    SELECT weeks.place,
           count(*) FILTER (WHERE decision = 'approved') AS approved,
           count(*) FILTER (WHERE decision = 'returned') AS returned,
           count(*) FILTER (WHERE decision = 'rejected') AS rejected,
           extract(epoch FROM avg(took)) / 3600 AS hours
    FROM weeks
    LEFT JOIN decided ON decided.at >= weeks.since AND decided.at < weeks.until
    GROUP BY weeks.place
),
by_rule AS (
    SELECT finding ->> 'rule' AS rule, finding ->> 'category' AS category, count(*) AS findings
    FROM review_opinion AS opinion
    CROSS JOIN LATERAL jsonb_array_elements(opinion.findings) AS finding
    WHERE opinion.decision <> 'withdrawn' AND opinion.at >= (SELECT min(since) FROM weeks) AND opinion.at <= %(now)s
    GROUP BY 1, 2
    ORDER BY findings DESC, rule
    LIMIT 8
),
first AS (
    SELECT version.id, version.deadline, version.channel, copy.name, copy.name_en, holder.display_name AS holder,
           (SELECT count(*) FROM review_copyfinding AS f WHERE f.version_id = version.id AND f.severity = 'block')
               AS blocks,
           (SELECT count(*) FROM review_copyfinding AS f WHERE f.version_id = version.id) AS findings
    FROM review_copyversion AS version
    JOIN review_copy AS copy ON copy.id = version.copy_id
    LEFT JOIN review_reviewclaim AS claim
      ON claim.version_id = version.id AND claim.until > %(now)s AND claim.officer_id <> %(officer)s
    LEFT JOIN staff_staff AS holder ON holder.id = claim.officer_id
    WHERE version.state = 'submitted'
    ORDER BY version.deadline, version.id
    LIMIT 8
)
SELECT jsonb_build_object(
    'waiting', (SELECT count(*) FROM review_copyversion WHERE state = 'submitted'),
    'late', (SELECT count(*) FROM review_copyversion WHERE state = 'submitted' AND deadline < %(now)s),
    'asked', (SELECT count(*) FROM staff_request
              WHERE kind = %(kind)s AND state = 'pending' AND expires_at > %(now)s AND maker_id <> %(officer)s),
    'ending', (SELECT count(*) FROM review_copyversion WHERE state = 'approved' AND lapsed_at IS NULL
               AND expires_at > %(now)s AND expires_at <= %(soon)s),
    'lapsed', (SELECT count(*) FROM review_copyversion WHERE lapsed_at >= (SELECT min(since) FROM weeks)),
    'granted', (SELECT count(*) FROM review_wordingexception WHERE granted_at >= (SELECT min(since) FROM weeks)),
    'hours', (SELECT extract(epoch FROM avg(took)) / 3600 FROM decided),
    'decided', (SELECT count(*) FROM decided),
    'returned', (SELECT count(*) FROM decided WHERE decision = 'returned'),
    'weeks', (SELECT jsonb_agg(to_jsonb(by_week) ORDER BY place) FROM by_week),
    'rules', (SELECT coalesce(jsonb_agg(to_jsonb(by_rule)), '[]') FROM by_rule),
    'first', (SELECT coalesce(jsonb_agg(to_jsonb(first)), '[]') FROM first)
)
