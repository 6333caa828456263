SELECT NULL::bigint AS member_id, NULL::bigint AS channel_id,
       extract(epoch FROM opinion.at - version.submitted_at)::numeric / 86400 AS numerator, 1 AS denominator
FROM review_opinion AS opinion
JOIN review_copyversion AS version ON version.id = opinion.version_id
WHERE opinion.decision IN ('approved', 'returned', 'rejected')
  AND opinion.at >= %(start)s AND opinion.at < %(end)s
