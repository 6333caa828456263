-- From "facts" and "policies" to the answer of each (member, instant); docs/lifecycle.md is the definition.
-- OFFSET 0 keeps the planner from repeating each expression wherever it is used.
calm AS (
    -- Where only the stage is asked for, most members' assets need no closer look.
    SELECT f.*, p.*, CASE WHEN f.is_brief AND f.normal_on IS NULL THEN lifecycle_calm_assets(
               f.day, f.window_start, f.anchor_on, f.anchor_aum, f.valued_on, f.valued, f.most, f.fewest, f.moved_on, f.moved, f.paid_on,
               f.paid, p.mature_aum, p.fall_floor, p.fall_share, p.fall_recovery_share, p.warn_fall_share,
               p.payout_grace_days
           ) END AS calm_aum
    FROM facts f
    JOIN policies p ON p.version = f.policy_version
    OFFSET 0
),
assessed AS (
    SELECT *, CASE WHEN calm_aum IS NULL THEN lifecycle_assets(
               day, window_start, normal_on, anchor_on, anchor_aum, valued_on, valued, moved_on, moved, paid_on, paid,
               mature_aum, fall_floor, fall_share, fall_recovery_share, fall_window_days, fall_memory_days, warn_floor,
               warn_fall_share, payout_grace_days
           ) END AS a
    FROM calm
    OFFSET 0
),
inputs AS (
    SELECT
        s.*, s.idle_days AS idle_limit, s.effective_from AS policy_from,
        w.aum, w.aum + w.held AS worth, w.held, (a).held_to, (a).aum_on, coalesce((a).fall_peak, (a).peak, 0) AS peak,
        coalesce((a).peak, 0) AS peak_lately, (a).next_peak, (a).warn_high_on, (a).fall_peak, (a).fallen_on, (a).trough,
        (a).recovers_from, (a).recovers_at, (a).forgotten_on, (a).warned_until, (a).recovered_at,
        coalesce((a).falls_today, false) AS falls_today, coalesce((a).came_back, false) AS came_back,
        coalesce((a).lapsed, false) AS lapsed, coalesce((a).is_gone, false) AS is_gone,
        coalesce((a).is_unspent, false) AS is_unspent,
        greatest((a).below_on, CASE WHEN (a).first_day > s.window_start THEN (a).first_day - 1 END) AS below_on,
        coalesce(s.known_at <= s.at, false) AS is_known,
        coalesce(s.registered_at <= s.at, false) AS is_registered,
        coalesce(s.registered_at <= s.at, false) AND s.first_invested_at IS NOT NULL AS is_invested,
        lifecycle_day_of(s.registered_at, %(zone)s, %(stable_from)s, %(offset)s::interval) AS registered_on,
        lifecycle_day_of(greatest(
            s.first_invested_at, s.last_trade_at, CASE WHEN w.aum + w.held > s.empty_aum THEN s.last_login_at END
        ), %(zone)s, %(stable_from)s, %(offset)s::interval) AS active_on,
        lifecycle_day_of(s.closing_at, %(zone)s, %(stable_from)s, %(offset)s::interval) AS closing_on
    FROM assessed s
    CROSS JOIN LATERAL (SELECT coalesce(s.calm_aum, (a).aum) AS aum, coalesce((a).held, 0) AS held) w
    OFFSET 0
),
silences AS (
    -- Who holds a product for a term need not be heard of before it ends, for some time at least.
    SELECT *, CASE WHEN is_invested THEN greatest(
               active_on + warn_idle_days,
               CASE WHEN held_until IS NOT NULL THEN least(held_until, active_on + warn_term_days) END
           ) END AS silent_on,
           greatest(fall_floor, warn_floor) AS warned_peak, is_invested AND worth > empty_aum AS is_warnable
    FROM inputs
    OFFSET 0
),
conditions AS (
    SELECT *,
        is_warnable AND worth >= warn_floor AND day >= silent_on AS warn_idle,
        is_invested AND day - active_on >= idle_limit AS is_idle,
        is_warnable AND (warn_high_on IS NOT NULL OR warned_until IS NOT NULL) AS warn_fallen,
        is_invested AND fall_peak IS NOT NULL AS is_fallen,
        is_invested AND closing_on IS NOT NULL AND NOT closing_withdrawn
            AND (day < closing_on + signal_days OR worth <= empty_aum) AS is_closing,
        is_invested AND complaint_until IS NOT NULL AS is_complaining,
        -- As far back as all money held is known: of the first days of the window the payouts before it are not.
        greatest(
            below_on + mature_days, window_start - 1 + payout_grace_days + mature_days, registered_on + mature_tenure_days
        ) AS mature_on
    FROM silences
    OFFSET 0
),
stages AS (
    SELECT *,
        CASE WHEN NOT is_known THEN NULL
             WHEN NOT is_registered THEN 'acquisition'
             WHEN NOT is_invested THEN 'activation'
             WHEN is_idle OR is_fallen OR is_closing THEN 'decline'
             WHEN worth >= mature_aum AND mature_on <= day AND NOT (
                 is_complaining AND complaint_since <= lifecycle_day_start(
                     mature_on, %(zone)s, %(stable_from)s, %(offset)s::interval))
                 THEN 'maturity'
             ELSE 'growth' END AS stage,
        is_invested AND worth <= empty_aum AND (is_closing OR day - active_on >= churned_days) AS is_churned,
        is_invested AND day - active_on >= dormant_days AS is_dormant
    FROM conditions
    OFFSET 0
),
outcomes AS (
    SELECT *,
        CASE WHEN stage = 'activation' AND day - registered_on >= stalled_days THEN 'stalled'
             WHEN stage = 'growth' AND worth <= empty_aum THEN 'cleared'
             WHEN stage <> 'decline' OR stage IS NULL THEN NULL
             WHEN is_churned THEN 'churned'
             WHEN is_dormant THEN 'dormant'
             ELSE 'at_risk' END AS sub_state,
        (is_idle::int + 2 * is_fallen::int + 4 * is_closing::int)::smallint AS rules,
        (warn_idle::int + 2 * warn_fallen::int + 4 * ((is_closing AND is_warnable) OR is_complaining)::int)::smallint AS warnings,
        CASE WHEN stage = 'activation' AND day - registered_on < stalled_days THEN registered_on + stalled_days
             WHEN is_invested THEN least(
                 CASE WHEN is_warnable AND worth >= warn_floor AND NOT warn_idle THEN silent_on END,
                 CASE WHEN NOT is_idle THEN active_on + idle_limit END,
                 CASE WHEN NOT is_dormant AND NOT is_churned THEN active_on + dormant_days END,
                 CASE WHEN stage = 'decline' AND NOT is_churned AND worth <= empty_aum THEN active_on + churned_days END,
                 held_to,
                 forgotten_on,
                 CASE WHEN warn_fallen THEN greatest(warned_until, warn_high_on + fall_window_days) END,
                 CASE WHEN is_closing AND worth > empty_aum THEN closing_on + signal_days END,
                 CASE WHEN stage = 'growth' AND worth >= mature_aum AND NOT is_complaining
                      THEN greatest(below_on + mature_days, registered_on + mature_tenure_days) END,
                 -- Nobody knows any more that the member was mature before the complaint.
                 CASE WHEN stage = 'maturity' AND is_complaining THEN lifecycle_day_of(
                     complaint_since - interval '1 microsecond', %(zone)s, %(stable_from)s, %(offset)s::interval
                 ) + 1 + (day - window_start + 1) - payout_grace_days - mature_days END
             ) END AS due_on,
        -- Whether a decline that ends at this instant ends otherwise than by money or activity.
        coalesce(policy_from = at OR normal_at = at, false) OR lapsed OR NOT came_back AND (
            is_gone
            OR (NOT closing_withdrawn AND coalesce(day = closing_on + signal_days AND at = lifecycle_day_start(
                day, %(zone)s, %(stable_from)s, %(offset)s::interval), false))
        ) AS is_settling
    FROM stages
    OFFSET 0
),
answers AS (
    SELECT *,
        CASE WHEN NOT is_known THEN known_at
             WHEN NOT is_registered THEN registered_at
             ELSE least(
                 lifecycle_day_start(due_on, %(zone)s, %(stable_from)s, %(offset)s::interval),
                 CASE WHEN is_complaining AND NOT (is_closing AND is_warnable) THEN nullif(complaint_until, 'infinity') END
             ) END AS due_at,
        CASE WHEN is_invested THEN greatest(
            CASE WHEN worth > empty_aum THEN empty_aum + 0.01 END,
            CASE WHEN worth >= mature_aum THEN mature_aum END,
            CASE WHEN worth >= warn_floor THEN warn_floor END,
            trough,
            CASE WHEN warned_until IS NULL AND warn_high_on IS NULL AND peak_lately >= warned_peak
                 THEN trunc(peak_lately * (1 - warn_fall_share), 2) + 0.01 END,
            CASE WHEN NOT is_fallen AND next_peak >= fall_floor THEN trunc(next_peak * (1 - fall_share), 2) + 0.01 END,
            recovered_at
        ) - held END AS aum_low,
        CASE WHEN NOT is_invested THEN 0
             ELSE least(
                 CASE WHEN worth <= empty_aum THEN empty_aum END,
                 CASE WHEN worth < mature_aum THEN mature_aum - 0.01 END,
                 CASE WHEN worth < warn_floor THEN warn_floor - 0.01 END,
                 CASE WHEN falls_today OR (warned_until IS NULL AND warn_high_on IS NOT NULL) THEN worth END,
                 recovers_from - 0.01,
                 CASE WHEN warned_until IS NOT NULL OR warn_high_on IS NOT NULL THEN NULL
                      WHEN peak_lately >= warned_peak THEN peak_lately
                      WHEN is_fallen THEN warned_peak - 0.01
                      WHEN next_peak >= fall_floor THEN next_peak
                      ELSE fall_floor - 0.01 END
             ) - held END AS aum_high,
        CASE WHEN worth >= mature_aum THEN below_on + 1 END AS steady_since
    FROM outcomes
)
