WITH profiles_member AS (SELECT * FROM public.profiles_member {sample})
SELECT coalesce(stages.stage, ''), count(*) FILTER (WHERE m.known_at <= %(now)s AND ({condition})), count(*)
FROM {source} LEFT JOIN lifecycle_standing stages ON stages.member_id = m.id
GROUP BY 1
