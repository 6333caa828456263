-- The orders of the stages merged into one: each arm is read by its index, and only as far as it is needed.
SELECT * FROM ({arms}) AS arms (member_id, value) ORDER BY {order} LIMIT {rows}
