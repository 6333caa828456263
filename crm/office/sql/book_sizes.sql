-- Members in each person's book now, counted up to a bound: a book beyond it costs no more than the bound.
-- Uses index: book_of_staff
SELECT person.id, (
    SELECT count(*) FROM (
        SELECT 1 FROM profiles_book AS book
        WHERE book.staff_id = person.id AND book.ended_at IS NULL
        LIMIT %(bound)s
    ) AS counted
)
FROM unnest(%(staff)s::bigint[]) AS person (id)
