-- Members that match ("match", over "rows" with their standings "s") and their assets, by stage.
SELECT s.stage, s.sub_state, count(*), sum(s.aum)
FROM {rows}
WHERE {match}
GROUP BY s.stage, s.sub_state
