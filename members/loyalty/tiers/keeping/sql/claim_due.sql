-- Claim members for whom a day has come.
WITH claimed AS MATERIALIZED (
    SELECT member_id, true AS goes_on FROM loyalty_tierstanding
    WHERE programme_id = %(programme)s AND due_on <= %(today)s
    ORDER BY due_on, member_id LIMIT %(batch)s FOR UPDATE SKIP LOCKED
)
{claim}
