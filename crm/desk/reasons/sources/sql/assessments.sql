-- An assessment is not valid from its end on: a year after its day, or earlier (members.profiles.questionnaires.validity).
SELECT b.member_id,
    (CASE WHEN ends.day <= %(today)s::date THEN ends.day ELSE ends.day - 7 END)::timestamp
        AT TIME ZONE %(zone)s AS since,
    ends.day AS due, b.aum AS stake,
    CASE WHEN ends.day <= %(today)s::date + 7 THEN 0.1 ELSE 0.0 END AS urgency,
    jsonb_build_object('risk_class', m.risk_class) AS detail
FROM book AS b
JOIN profiles_member AS m ON m.id = b.member_id
CROSS JOIN LATERAL (SELECT least((m.risk_assessed_on + interval '1 year')::date, m.risk_ends_on) AS day) AS ends
WHERE m.risk_class IS NOT NULL AND b.aum > 0
  AND ends.day > %(today)s::date - 90 AND ends.day <= %(today)s::date + 30
