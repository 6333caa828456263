-- A claim is free where there is none, where it has ended, or where it is the officer's own already.
INSERT INTO review_reviewclaim AS claim (version_id, officer_id, claimed_at, until)
SELECT version.id, %(officer)s, %(now)s, %(until)s
FROM review_copyversion AS version
WHERE version.id = %(version)s AND version.state = 'submitted'
ON CONFLICT (version_id) DO UPDATE
SET officer_id = excluded.officer_id,
    claimed_at = CASE WHEN claim.officer_id = excluded.officer_id AND claim.until > %(now)s
        THEN claim.claimed_at ELSE excluded.claimed_at END,
    until = excluded.until,
    taken_from_id = CASE
        WHEN claim.officer_id = excluded.officer_id THEN claim.taken_from_id
        WHEN claim.until > %(now)s THEN claim.officer_id
    END
WHERE claim.officer_id = excluded.officer_id OR claim.until <= %(now)s OR %(take_over)s
RETURNING claim.version_id
