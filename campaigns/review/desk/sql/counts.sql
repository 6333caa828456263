-- What waits: versions that this officer may decide, and exceptions that somebody else asked for.
SELECT
    (SELECT count(*) FROM review_copyversion WHERE state = 'submitted' AND %(officer)s <> ALL (editors)),
    (SELECT count(*) FROM staff_request
     WHERE kind = %(kind)s AND state = 'pending' AND expires_at > %(now)s AND maker_id <> %(officer)s),
    (SELECT count(*) FROM review_copyversion
     WHERE state = 'approved' AND lapsed_at IS NULL AND expires_at > %(now)s),
    (SELECT count(*) FROM review_copyversion
     WHERE state = 'approved' AND lapsed_at IS NULL AND expires_at > %(now)s AND expires_at <= %(soon)s)
