WITH later AS (DELETE FROM _earn_fact WHERE at > %(now)s RETURNING member_id, at)
INSERT INTO loyalty_earnmark (member_id, source, since)
SELECT l.member_id, s.source, min(l.at) FROM later l CROSS JOIN (SELECT DISTINCT unnest(%(sources)s::text[]) AS source) s
GROUP BY l.member_id, s.source
