-- What the gate knows of a version of a copy at an instant; `copy_status` is approved, or why the approval does not hold.
SELECT v.id AS copy_version_id, v.template_hash, c.purpose, c.product_id, v.pack_name, v.pack_version, v.checker_id, v.expires_at,
    CASE
        WHEN v.channel <> %(channel)s THEN 'other_channel'
        WHEN a.copy_version_id IS NOT NULL THEN 'approved'
        WHEN v.state = 'withdrawn' THEN 'withdrawn'
        WHEN v.lapse_reason = 'expired' OR v.lapse_reason = '' AND v.expires_at <= %(now)s THEN 'expired'
        WHEN v.lapsed_at IS NOT NULL OR v.decided_at <= %(now)s AND v.state = 'approved' THEN 'lapsed'
        ELSE 'not_approved'
    END AS copy_status
FROM review_copyversion AS v
JOIN review_copy AS c ON c.id = v.copy_id
LEFT JOIN review_approved(%(now)s) AS a ON a.copy_version_id = v.id AND a.template_hash = v.template_hash
WHERE v.id = %(version)s
