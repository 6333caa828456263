-- The session's working tables, empty at the start of each transaction.
CREATE TEMP TABLE _tier_policy (
    version integer, from_day date, to_day date, metric text, is_daily boolean, at_once boolean, downgrade text,
    grace_days integer, protect_days integer, notice_days integer, window_days integer
) ON COMMIT DELETE ROWS;
CREATE TEMP TABLE _tier_threshold (
    version integer, rank smallint, average numeric, day_end numeric, points bigint
) ON COMMIT DELETE ROWS;
-- Members to evaluate: from the state after `after` on, or (NULL) from their first day.
CREATE TEMP TABLE _tier_claim (
    member_id bigint PRIMARY KEY, first_day date, after date, rank smallint, shown smallint, override smallint,
    protected_until date, steps_from date, pending smallint, pending_on date, pending_inputs jsonb, noticed_on date, since timestamptz, is_known boolean
) ON COMMIT DELETE ROWS;
-- The assets of a member from one day until before another of the same month; `before` is the sum of its earlier days.
CREATE TEMP TABLE _tier_piece (
    member_id bigint, month date, from_day date, to_day date, valued_on date, aum numeric, before numeric
) ON COMMIT DELETE ROWS;
CREATE TEMP TABLE _tier_points (member_id bigint, day date, points bigint) ON COMMIT DELETE ROWS;
-- Each event looks up what its member had by then.
CREATE INDEX _tier_piece_by_day ON _tier_piece (member_id, from_day);
CREATE INDEX _tier_points_by_day ON _tier_points (member_id, day);
-- A day on which a tier may change, with what is compared on it.
CREATE TEMP TABLE _tier_event (
    member_id bigint, day date, version integer, is_review boolean, at_once boolean, downgrade text,
    grace_days integer, protect_days integer, override smallint, reached smallint, reached_at_once smallint,
    inputs jsonb
) ON COMMIT DELETE ROWS;
CREATE TEMP TABLE _tier_change (
    member_id bigint, day date, from_rank smallint, to_rank smallint, reason text, version integer, inputs jsonb
) ON COMMIT DELETE ROWS;
-- The state after `today`, and the first change to come if no fact changes.
CREATE TEMP TABLE _tier_state (
    member_id bigint PRIMARY KEY, rank smallint, shown smallint, protected_until date, steps_from date, pending smallint,
    pending_on date, pending_inputs jsonb, since_day date, inputs jsonb
) ON COMMIT DELETE ROWS;
CREATE TEMP TABLE _tier_next (member_id bigint PRIMARY KEY, day date, falls_to smallint) ON COMMIT DELETE ROWS
