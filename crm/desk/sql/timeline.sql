-- What one member did, newest first, from four tables; each branch reads one page from its own index.
-- (source, id) breaks ties of instants; an empty source reads from the newest on.
SELECT at, source, id, kind, amount, detail
FROM (
    (SELECT t.at, 'transaction' AS source, t.id, t.kind, t.amount, p.name AS detail
     FROM portfolio_transaction t LEFT JOIN portfolio_product p ON p.id = t.product_id
     WHERE t.member_id = %(member)s AND 'transaction' = ANY(%(sources)s) AND t.at <= %(upto)s
       AND (t.at < %(upto)s OR %(source)s IS NULL OR ('transaction', t.id) < (%(source)s, %(id)s))
     ORDER BY t.at DESC, t.id DESC LIMIT %(limit)s)
    UNION ALL
    (SELECT e.at, 'event', e.id, e.name, NULL, e.properties::text
     FROM profiles_event e
     WHERE e.member_id = %(member)s AND 'event' = ANY(%(sources)s) AND e.at <= %(upto)s
       AND (e.at < %(upto)s OR %(source)s IS NULL OR ('event', e.id) < (%(source)s, %(id)s))
     ORDER BY e.at DESC, e.id DESC LIMIT %(limit)s)
    UNION ALL
    (SELECT s.at, 'signal', s.id, s.kind, NULL, s.detail
     FROM profiles_signal s
     WHERE s.member_id = %(member)s AND 'signal' = ANY(%(sources)s) AND s.at <= %(upto)s
       AND (s.at < %(upto)s OR %(source)s IS NULL OR ('signal', s.id) < (%(source)s, %(id)s))
     ORDER BY s.at DESC, s.id DESC LIMIT %(limit)s)
    UNION ALL
    (SELECT t.at, 'touch', t.id, c.name, NULL, t.campaign
     FROM profiles_touch t JOIN profiles_channel c ON c.id = t.channel_id
     WHERE t.member_id = %(member)s AND 'touch' = ANY(%(sources)s) AND t.at <= %(upto)s
       AND (t.at < %(upto)s OR %(source)s IS NULL OR ('touch', t.id) < (%(source)s, %(id)s))
     ORDER BY t.at DESC, t.id DESC LIMIT %(limit)s)
) AS happening
ORDER BY at DESC, source DESC, id DESC
LIMIT %(limit)s
