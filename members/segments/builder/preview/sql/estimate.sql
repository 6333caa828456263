-- A sample of blocks of the members, judged block by block: rows, those that match, and some of these. Members of one
-- block registered together and so are alike: the error follows from how much the blocks differ.
WITH sampled AS MATERIALIZED (
    SELECT one.*, (one.ctid::text::point)[0]::bigint AS block
    FROM profiles_member AS one TABLESAMPLE SYSTEM (%(preview_percent)s) REPEATABLE (1)
),
judged AS MATERIALIZED (
    SELECT m.id, m.block, {condition} AS matches FROM {source}
)
SELECT count(*), count(*) FILTER (WHERE matches), (array_agg(id) FILTER (WHERE matches))[1 : %(preview_shown)s]
FROM judged
GROUP BY block
