-- From "facts" and "aum_windows" to the answer of each (member, instant); docs/lifecycle.md is the definition.
-- OFFSET 0 keeps the planner from repeating each expression wherever it is used.
inputs AS (
    SELECT
        f.*, p.version, p.stalled_days, p.warn_idle_days, p.idle_days AS idle_limit, p.dormant_days, p.churned_days,
        p.fall_window_days, p.warn_fall_share, p.fall_share, p.fall_floor, p.signal_days, p.mature_aum, p.mature_days,
        p.mature_tenure_days, p.empty_aum,
        coalesce(w.aum, 0) AS aum, w.aum_on, coalesce(w.peak, 0) AS peak, w.warn_high_on, w.fall_high_on,
        greatest(w.below_on, CASE WHEN w.first_day > f.window_start THEN w.first_day - 1 END) AS below_on,
        coalesce(f.known_at <= f.at, false) AS is_known,
        coalesce(f.registered_at <= f.at, false) AS is_registered,
        coalesce(f.registered_at <= f.at, false) AND f.first_invested_at IS NOT NULL AS is_invested,
        lifecycle_day_of(f.registered_at, %(zone)s, %(stable_from)s, %(offset)s::interval) AS registered_on,
        lifecycle_day_of(greatest(
            f.first_invested_at, f.last_trade_at, CASE WHEN w.aum > p.empty_aum THEN f.last_login_at END
        ), %(zone)s, %(stable_from)s, %(offset)s::interval) AS active_on,
        lifecycle_day_of(f.closing_at, %(zone)s, %(stable_from)s, %(offset)s::interval) AS closing_on,
        lifecycle_day_of(f.complaint_at, %(zone)s, %(stable_from)s, %(offset)s::interval) AS complaint_on
    FROM facts f
    JOIN policies p ON p.version = f.policy_version
    LEFT JOIN aum_windows w USING (member_id, at)
    OFFSET 0
),
conditions AS (
    SELECT *,
        is_invested AND day - active_on >= warn_idle_days AS warn_idle,
        is_invested AND day - active_on >= idle_limit AS is_idle,
        is_invested AND warn_high_on IS NOT NULL AS warn_fallen,
        is_invested AND fall_high_on IS NOT NULL AS is_fallen,
        is_invested AND closing_on IS NOT NULL AND NOT closing_withdrawn
            AND (day < closing_on + signal_days OR aum <= empty_aum) AS is_closing,
        is_invested AND complaint_on IS NOT NULL AND day < complaint_on + signal_days AS is_complaining,
        aum >= mature_aum AND day - registered_on >= mature_tenure_days
            AND coalesce(below_on <= day - mature_days, true) AS is_mature
    FROM inputs
    OFFSET 0
),
stages AS (
    SELECT *,
        CASE WHEN NOT is_known THEN NULL
             WHEN NOT is_registered THEN 'acquisition'
             WHEN NOT is_invested THEN 'activation'
             WHEN is_idle OR is_fallen OR is_closing THEN 'decline'
             WHEN is_mature THEN 'maturity'
             ELSE 'growth' END AS stage,
        is_invested AND aum <= empty_aum AND (is_closing OR day - active_on >= churned_days) AS is_churned,
        is_invested AND day - active_on >= dormant_days AS is_dormant
    FROM conditions
    OFFSET 0
),
outcomes AS (
    SELECT *,
        CASE WHEN stage = 'activation' AND day - registered_on >= stalled_days THEN 'stalled'
             WHEN stage <> 'decline' OR stage IS NULL THEN NULL
             WHEN is_churned THEN 'churned'
             WHEN is_dormant THEN 'dormant'
             ELSE 'at_risk' END AS sub_state,
        (is_idle::int + 2 * is_fallen::int + 4 * is_closing::int)::smallint AS rules,
        (warn_idle::int + 2 * warn_fallen::int + 4 * (is_closing OR is_complaining)::int)::smallint AS warnings,
        CASE WHEN stage = 'activation' AND day - registered_on < stalled_days THEN registered_on + stalled_days
             WHEN is_invested THEN least(
                 CASE WHEN NOT warn_idle THEN active_on + warn_idle_days END,
                 CASE WHEN NOT is_idle THEN active_on + idle_limit END,
                 CASE WHEN NOT is_dormant AND NOT is_churned THEN active_on + dormant_days END,
                 CASE WHEN stage = 'decline' AND NOT is_churned AND aum <= empty_aum THEN active_on + churned_days END,
                 warn_high_on + fall_window_days,
                 fall_high_on + fall_window_days,
                 CASE WHEN is_closing AND aum > empty_aum THEN closing_on + signal_days END,
                 CASE WHEN is_complaining AND NOT is_closing THEN complaint_on + signal_days END,
                 CASE WHEN stage = 'growth' AND aum >= mature_aum
                      THEN greatest(below_on + mature_days, registered_on + mature_tenure_days) END
             ) END AS due_on
    FROM stages
    OFFSET 0
),
answers AS (
    SELECT *,
        CASE WHEN NOT is_known THEN known_at
             WHEN NOT is_registered THEN registered_at
             ELSE lifecycle_day_start(due_on, %(zone)s, %(stable_from)s, %(offset)s::interval) END AS due_at,
        CASE WHEN is_invested THEN greatest(
            CASE WHEN aum > empty_aum THEN empty_aum + 0.01 END,
            CASE WHEN aum >= mature_aum THEN mature_aum END,
            CASE WHEN NOT warn_fallen AND peak >= fall_floor THEN trunc(peak * (1 - warn_fall_share), 2) + 0.01 END,
            CASE WHEN NOT is_fallen AND peak >= fall_floor THEN trunc(peak * (1 - fall_share), 2) + 0.01 END
        ) END AS aum_low,
        CASE WHEN NOT is_invested THEN 0
             ELSE least(
                 CASE WHEN aum <= empty_aum THEN empty_aum END,
                 CASE WHEN aum < mature_aum THEN mature_aum - 0.01 END,
                 CASE WHEN warn_fallen OR is_fallen THEN aum END,
                 CASE WHEN peak >= fall_floor THEN peak ELSE fall_floor - 0.01 END
             ) END AS aum_high,
        CASE WHEN aum >= mature_aum THEN below_on + 1 END AS steady_since
    FROM outcomes
)
