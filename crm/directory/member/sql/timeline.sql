-- What happened to one member, newest first, from many tables; each branch reads one page from its own index, and
-- those that are not asked for are not planned. (source, id) breaks ties of instants; an empty source reads from
-- the newest on. What is kept by day is placed at the day's beginning.
SELECT at, source, id, kind, amount, detail, import_id
FROM (
    (SELECT t.at, 'transaction' AS source, t.id, t.kind, t.amount, p.name AS detail, t.import_id
     FROM portfolio_transaction t LEFT JOIN portfolio_product p ON p.id = t.product_id
     WHERE t.member_id = %(member)s AND 'transaction' = ANY(%(sources)s) AND t.at <= %(upto)s AND t.at >= %(since)s
       AND (t.at < %(upto)s OR %(source)s IS NULL OR ('transaction', t.id) < (%(source)s, %(id)s))
     ORDER BY t.at DESC, t.id DESC LIMIT %(limit)s)
    UNION ALL
    (SELECT e.at, 'event', e.id, e.name, NULL, (CASE WHEN jsonb_typeof(e.properties) = 'object' THEN e.properties || coalesce((
         -- A product's page is told by the product's name.
         SELECT jsonb_build_object('path', p.name) FROM portfolio_product p
         WHERE p.code = substring(e.properties ->> 'path' FROM '^/products/([^/]+)$')), '{}')
         ELSE e.properties END)::text, e.import_id
     FROM profiles_event e
     WHERE e.member_id = %(member)s AND 'event' = ANY(%(sources)s) AND e.at <= %(upto)s AND e.at >= %(since)s
       AND (e.at < %(upto)s OR %(source)s IS NULL OR ('event', e.id) < (%(source)s, %(id)s))
     ORDER BY e.at DESC, e.id DESC LIMIT %(limit)s)
    UNION ALL
    (SELECT s.at, 'signal', s.id, s.kind, NULL, s.detail, s.import_id
     FROM profiles_signal s
     WHERE s.member_id = %(member)s AND 'signal' = ANY(%(sources)s) AND s.at <= %(upto)s AND s.at >= %(since)s
       AND (s.at < %(upto)s OR %(source)s IS NULL OR ('signal', s.id) < (%(source)s, %(id)s))
     ORDER BY s.at DESC, s.id DESC LIMIT %(limit)s)
    UNION ALL
    (SELECT t.at, 'touch', t.id, c.name, NULL, t.campaign, t.import_id
     FROM profiles_touch t JOIN profiles_channel c ON c.id = t.channel_id
     WHERE t.member_id = %(member)s AND 'touch' = ANY(%(sources)s) AND t.at <= %(upto)s AND t.at >= %(since)s
       AND (t.at < %(upto)s OR %(source)s IS NULL OR ('touch', t.id) < (%(source)s, %(id)s))
     ORDER BY t.at DESC, t.id DESC LIMIT %(limit)s)
    UNION ALL
    (SELECT t.effective_at, 'stage', t.id::text, t.to_stage, NULL, jsonb_build_object(
         'from_stage', t.from_stage, 'from_sub_state', t.from_sub_state, 'to_stage', t.to_stage,
         'to_sub_state', t.to_sub_state, 'won_back', t.won_back, 'inputs', t.inputs)::text, NULL
     FROM lifecycle_transition t
     WHERE t.member_id = %(member)s AND 'stage' = ANY(%(sources)s) AND t.superseded_at IS NULL
       AND t.effective_at <= %(upto)s AND t.effective_at >= %(since)s
       AND (t.effective_at < %(upto)s OR %(source)s IS NULL OR ('stage', t.id::text) < (%(source)s, %(id)s))
     ORDER BY t.effective_at DESC, t.id::text DESC LIMIT %(limit)s)
    UNION ALL
    (SELECT w.raised_at, 'warning', w.id::text, w.kind, NULL, w.evidence::text, NULL
     FROM lifecycle_warning w
     WHERE w.member_id = %(member)s AND 'warning' = ANY(%(sources)s) AND w.superseded_at IS NULL
       AND w.raised_at <= %(upto)s AND w.raised_at >= %(since)s
       AND (w.raised_at < %(upto)s OR %(source)s IS NULL OR ('warning', w.id::text) < (%(source)s, %(id)s))
     ORDER BY w.raised_at DESC, w.id::text DESC LIMIT %(limit)s)
    UNION ALL
    (SELECT d.at, 'record', d.id, d.kind, d.amount, d.detail, d.import_id
     FROM (
         SELECT a.assessed_on::timestamp AT TIME ZONE %(zone)s AS at, 'assessed ' || a.assessed_on AS id,
                'assessed' AS kind, NULL::numeric AS amount, a.risk_class AS detail, a.import_id
         FROM profiles_riskassessment a WHERE a.member_id = %(member)s
         UNION ALL
         SELECT s.started_on::timestamp AT TIME ZONE %(zone)s, 'plan ' || s.id, 'plan_started', s.amount, p.name, s.import_id
         FROM portfolio_savingplan s LEFT JOIN portfolio_product p ON p.id = s.product_id
         WHERE s.member_id = %(member)s
         UNION ALL
         SELECT s.ended_on::timestamp AT TIME ZONE %(zone)s, 'planned ' || s.id, 'plan_ended', s.amount, p.name, s.import_id
         FROM portfolio_savingplan s LEFT JOIN portfolio_product p ON p.id = s.product_id
         WHERE s.member_id = %(member)s AND s.ended_on IS NOT NULL
         UNION ALL
         SELECT b.started_at, 'book ' || b.started_at, 'kept', NULL, f.display_name, NULL
         FROM profiles_book b JOIN staff_staff f ON f.id = b.staff_id WHERE b.member_id = %(member)s
         UNION ALL
         SELECT b.ended_at, 'booked ' || b.started_at, 'left', NULL, f.display_name, NULL
         FROM profiles_book b JOIN staff_staff f ON f.id = b.staff_id
         WHERE b.member_id = %(member)s AND b.ended_at IS NOT NULL
         UNION ALL
         SELECT i.at, i.kind, i.kind, NULL, NULL, i.import_id
         FROM profiles_member m,
              LATERAL (VALUES (m.known_at, 'known', NULL), (m.registered_at, 'registered', m.import_id)) i (at, kind, import_id)
         WHERE m.id = %(member)s AND i.at IS NOT NULL
     ) d
     WHERE 'record' = ANY(%(sources)s) AND d.at <= %(upto)s AND d.at >= %(since)s
       AND (d.at < %(upto)s OR %(source)s IS NULL OR ('record', d.id) < (%(source)s, %(id)s))
     ORDER BY d.at DESC, d.id DESC LIMIT %(limit)s)
) AS happening
ORDER BY at DESC, source DESC, id DESC
LIMIT %(limit)s
