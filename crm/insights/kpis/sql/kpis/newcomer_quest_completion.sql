-- Newcomer quests whose time ended in the period (without a limit: 30 days from the start); those completed in it.
SELECT quest.member_id, NULL::bigint AS channel_id,
       coalesce(
           quest.completed_at <= coalesce(quest.ends_at, quest.started_at + interval '720 hours'), false
       )::int AS numerator,
       1 AS denominator
FROM loyalty_questprogress AS quest
JOIN loyalty_incentive AS incentive ON incentive.id = quest.incentive_id AND incentive.code = %(quest)s
WHERE quest.superseded_at IS NULL
  AND coalesce(quest.ends_at, quest.started_at + interval '720 hours') >= %(start)s
  AND coalesce(quest.ends_at, quest.started_at + interval '720 hours') < %(end)s /*among quest.member_id*/
