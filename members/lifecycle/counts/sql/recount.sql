-- Count all rows again. Writers wait until it is over; what they add afterwards counts from here on.
LOCK TABLE lifecycle_standing, lifecycle_transition IN SHARE MODE;
DELETE FROM lifecycle_stagecount;
DELETE FROM lifecycle_transitioncount;
INSERT INTO lifecycle_stagecount (stage, sub_state, members, is_total)
SELECT stage, sub_state, count(*), true FROM lifecycle_standing WHERE stage IS NOT NULL GROUP BY 1, 2;
INSERT INTO lifecycle_transitioncount (day, from_stage, from_sub_state, to_stage, to_sub_state, won_back, members, is_total)
SELECT lifecycle_platform_day(effective_at), from_stage, from_sub_state, to_stage, to_sub_state, won_back, count(*), true
FROM lifecycle_transition WHERE superseded_at IS NULL GROUP BY 1, 2, 3, 4, 5, 6
