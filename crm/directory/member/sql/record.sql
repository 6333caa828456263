-- One member, if the reader may see them ("seen"), with all that the page shows of the record itself.
SELECT {columns},
    {shown},
    book.staff_id, manager.display_name,
    (SELECT a.import_id FROM profiles_riskassessment AS a
     WHERE a.member_id = m.id AND a.assessed_on = m.risk_assessed_on LIMIT 1),
    jsonb_build_object(
        'first_invested_at', (SELECT t.import_id FROM portfolio_transaction AS t
            WHERE t.member_id = m.id AND t.at = s.first_invested_at AND t.kind = 'buy' LIMIT 1),
        'last_trade_at', (SELECT t.import_id FROM portfolio_transaction AS t
            WHERE t.member_id = m.id AND t.at = s.last_trade_at LIMIT 1),
        'last_login_at', (SELECT e.import_id FROM profiles_event AS e
            WHERE e.member_id = m.id AND e.at = s.last_login_at AND e.name = %(login)s LIMIT 1)
    ),
    ARRAY({complaints}),
    ARRAY(
        SELECT jsonb_build_object('kind', w.kind, 'raised_at', w.raised_at, 'evidence', w.evidence)
        FROM lifecycle_warning AS w
        WHERE w.member_id = m.id AND w.ended_at IS NULL AND w.superseded_at IS NULL
          AND w.raised_at <= %(now)s::timestamptz
        ORDER BY w.raised_at DESC, w.id DESC
    ),
    ARRAY(
        SELECT jsonb_build_object(
            'request_id', v.request_id, 'status', v.status, 'basis', v.basis, 'evidence', v.evidence,
            'verified_on', v.verified_on, 'valid_until', v.valid_until, 'ended_on', v.ended_on, 'end_reason', v.end_reason
        )
        FROM portfolio_investorstatus AS v WHERE v.member_id = m.id ORDER BY v.verified_on DESC, v.request_id DESC
    ),
    ({rhythm}),
    (SELECT h.highest[right(m.risk_class, 1)::integer + 1] FROM portfolio_house_rule_on(%(today)s::date) AS h),
    ARRAY(
        SELECT jsonb_build_array(i.kind, i.source, i.value) FROM profiles_identity AS i WHERE i.member_id = m.id
        ORDER BY i.kind, i.source, i.value LIMIT %(most_identities)s::integer
    )
FROM ({seen}) AS seen
JOIN profiles_member AS m USING (id)
LEFT JOIN lifecycle_standing AS s ON s.member_id = m.id
LEFT JOIN lifecycle_evaluationfailure AS f ON f.member_id = m.id
LEFT JOIN profiles_channel AS c ON c.id = m.channel_id
LEFT JOIN profiles_preference AS p ON p.member_id = m.id
LEFT JOIN profiles_book AS book ON book.member_id = m.id AND book.ended_at IS NULL
LEFT JOIN staff_staff AS manager ON manager.id = book.staff_id
WHERE m.id = %(member)s::bigint
