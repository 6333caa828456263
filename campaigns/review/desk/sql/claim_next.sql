-- The earliest deadline first; what another transaction is just claiming is skipped.
INSERT INTO review_reviewclaim AS claim (version_id, officer_id, claimed_at, until)
SELECT version.id, %(officer)s, %(now)s, %(until)s
FROM review_copyversion AS version
LEFT JOIN review_reviewclaim AS held ON held.version_id = version.id
WHERE version.state = 'submitted' AND %(officer)s <> ALL (version.editors)
  AND version.id IS DISTINCT FROM %(after)s
  AND (held.version_id IS NULL OR held.until <= %(now)s OR held.officer_id = %(officer)s)
ORDER BY version.deadline, version.id
LIMIT 1
FOR UPDATE OF version SKIP LOCKED
ON CONFLICT (version_id) DO UPDATE
SET officer_id = excluded.officer_id, claimed_at = excluded.claimed_at, until = excluded.until, taken_from_id = NULL
WHERE claim.officer_id = excluded.officer_id OR claim.until <= %(now)s
RETURNING claim.version_id
