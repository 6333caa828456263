-- The stages' own orders merged into one: each arm is read by its index and only as far as it is needed.
SELECT * FROM ({arms}) AS arms (member_id, place) ORDER BY {ways} LIMIT {rows}
