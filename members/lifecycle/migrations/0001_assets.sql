-- Money of one member that was paid out before the end of `day` and still counts as assets then (docs/lifecycle.md).
-- `held_to` is the day from which on it counts no more, or less. The arrays are those of lifecycle_assets.
CREATE FUNCTION lifecycle_held(
    day date, window_start date, grace_days integer, moved_on date[], moved numeric[], paid_on date[], paid numeric[],
    OUT held numeric, OUT held_to date
) LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
    payout integer := width_bucket(day, paid_on);  -- the last one until the end of the day
    flow integer := width_bucket(day, moved_on);
    unspent numeric := 0;
    since date;
BEGIN
    held := 0;
    -- What was paid out less what was bought, from each day with a payout on: the most of it counts.
    WHILE paid_on[payout] > day - grace_days AND paid_on[payout] >= window_start LOOP
        since := paid_on[payout];
        WHILE paid_on[payout] = since LOOP
            unspent := unspent + paid[payout];
            payout := payout - 1;
        END LOOP;
        WHILE moved_on[flow] >= since LOOP
            unspent := unspent - greatest(moved[flow], 0);
            flow := flow - 1;
        END LOOP;
        IF unspent > held THEN
            held := unspent;
            held_to := since + grace_days;
        END IF;
    END LOOP;
END $$;

-- The assets of one member today where nothing else about them can matter for stage, rules, warnings and due instant:
-- no money paid out counts as assets, the most that they may have been shows that no fall is open and none warns, and
-- they are below maturity, or were never in the window. NULL where that is not certain. Arguments as lifecycle_assets;
-- `most` and `fewest` are those of `valued`.
CREATE FUNCTION lifecycle_calm_assets(
    today date, window_start date, anchor_on date, anchor_aum numeric, valued_on date[], valued numeric[],
    most numeric, fewest numeric, moved_on date[], moved numeric[], paid_on date[], paid numeric[],
    mature_aum numeric, fall_floor numeric, fall_share numeric, recovery numeric, warn_share numeric, grace_days integer
) RETURNS numeric LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
    payout integer := cardinality(paid_on);
    valuation integer := 0;
    next_on date := valued_on[1];
    level numeric := coalesce(anchor_aum, 0);
    highest numeric := greatest(anchor_aum, most, 0);
    lowest numeric := least(anchor_aum, fewest);
BEGIN
    -- Each flow adds to the last valuation of an earlier day; the anchor covers those of its own.
    FOR flow IN coalesce(width_bucket(anchor_on, moved_on), 0) + 1 .. coalesce(cardinality(moved_on), 0) LOOP
        IF moved_on[flow] > next_on THEN
            valuation := width_bucket(moved_on[flow] - 1, valued_on);
            next_on := valued_on[valuation + 1];
            level := valued[valuation] + moved[flow];
        ELSE
            level := level + moved[flow];
        END IF;
        IF level > highest THEN highest := level; ELSIF level < lowest THEN lowest := level; END IF;
    END LOOP;
    IF valuation < cardinality(valued) THEN
        level := valued[cardinality(valued)];
    END IF;
    level := greatest(level, 0);
    IF level >= mature_aum AND NOT coalesce(lowest >= mature_aum AND anchor_on IS NOT NULL, false) THEN
        RETURN NULL;
    END IF;
    IF grace_days > 0 AND paid_on[payout] >= window_start THEN
        IF paid_on[payout] > today - grace_days THEN
            RETURN NULL;
        END IF;
        WHILE paid_on[payout] >= window_start LOOP
            highest := highest + paid[payout];
            payout := payout - 1;
        END LOOP;
    END IF;
    -- With more than this share of any peak none warns and no fall from it can be open: the least that ends one is
    -- low + recovery × (peak - low), and low is at most peak × (1 - fall_share).
    IF highest < fall_floor
        OR level > highest * greatest(1 - warn_share, (1 - fall_share) * (1 - recovery) + recovery) THEN
        RETURN level;
    END IF;
    RETURN NULL;
END $$;

-- What the rules ask about the assets of one member over time (docs/lifecycle.md), by going once through the days on
-- which something changed them. `valued_on`, `valued`: the valuations after `window_start` up to `today`; the anchor is
-- the last one until `window_start`, if there is one. `moved_on`, `moved`: what was bought, less (negative) what came
-- out, at least since the anchor; `paid_on`, `paid`: the payouts among it. All in the order of their days, NULL for none.
--   aum, held     assets today, and money paid out that counts as such until `held_to`
--   aum_on        the last day with a fact about them
--   first_day     the first one that the window shows
--   peak          the most of the last `window_days` days, not before `normal_on`
--   below_on      the last day below `mature_aum`
--   warn_high_on  the last of the days of `peak` high enough to be fallen from by `warn_share`
--   fall_peak … next_peak  as lifecycle_falls gives them
--   is_unspent    the fall began when money paid out counted no more
CREATE TYPE lifecycle_assets AS (
    aum numeric, held numeric, held_to date, aum_on date, first_day date, peak numeric, below_on date, warn_high_on date,
    fall_peak numeric, fallen_on date, trough numeric, recovers_from numeric, recovers_at numeric, forgotten_on date,
    warned_until date, falls_today boolean, recovered_at numeric, came_back boolean, lapsed boolean, is_gone boolean,
    next_peak numeric, is_unspent boolean
);
CREATE FUNCTION lifecycle_assets(
    today date, window_start date, normal_on date, anchor_on date, anchor_aum numeric, valued_on date[], valued numeric[],
    moved_on date[], moved numeric[], paid_on date[], paid numeric[], mature_aum numeric, fall_floor numeric,
    fall_share numeric, recovery numeric, window_days integer, memory_days integer, warn_floor numeric,
    warn_share numeric, grace_days integer
) RETURNS lifecycle_assets LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
    held numeric := 0;
    held_to date;
    peak numeric;
    below_on date;
    warn_high_on date;
    falls record;
    flow integer := coalesce(width_bucket(anchor_on, moved_on), 0) + 1;  -- a valuation covers those of its day
    valuation integer := 1;
    payout integer;                     -- whose grace ends next; NULL where nothing can be held
    total numeric := coalesce(anchor_aum, 0);
    level numeric := anchor_aum;        -- assets and money held from this_day on, until next_day
    this_day date := anchor_on;
    next_day date;
    recent_from date := greatest(today - window_days + 1, normal_on);
    warned_peak numeric := greatest(fall_floor, warn_floor);
    days date[] := '{}';
    levels numeric[] := '{}';
    n integer := 0;
    place integer;
    highest numeric := 0;
    fallen_below numeric := -1;
    may_fall integer;                   -- the first place in `levels` at which a fall may begin
BEGIN
    IF paid_on[cardinality(paid_on)] >= window_start AND grace_days > 0 THEN
        payout := width_bucket(window_start - 1, paid_on) + 1;
        level := level + (lifecycle_held(anchor_on, window_start, grace_days, moved_on, moved, paid_on, paid)).held;
    END IF;
    LOOP
        next_day := least(valued_on[valuation], moved_on[flow], paid_on[payout] + grace_days, today + 1);
        IF next_day > window_start AND level IS NOT NULL THEN
            n := n + 1;
            days[n] := this_day;
            levels[n] := level;
            IF level > highest THEN
                highest := level;
                fallen_below := CASE WHEN level >= fall_floor THEN level * (1 - fall_share) ELSE -1 END;
            ELSIF level <= fallen_below AND may_fall IS NULL THEN
                may_fall := n;
            END IF;
        END IF;
        EXIT WHEN next_day > today;
        this_day := next_day;
        IF valued_on[valuation] = this_day THEN
            total := valued[valuation];
            valuation := valuation + 1;
            WHILE moved_on[flow] <= this_day LOOP
                flow := flow + 1;
            END LOOP;
        ELSE
            WHILE moved_on[flow] = this_day LOOP
                total := total + moved[flow];
                flow := flow + 1;
            END LOOP;
        END IF;
        level := greatest(total, 0);
        IF payout IS NOT NULL THEN
            WHILE paid_on[payout] + grace_days <= this_day LOOP
                payout := payout + 1;
            END LOOP;
            IF paid_on[payout] <= this_day THEN
                level := level + (lifecycle_held(
                    this_day, window_start, grace_days, moved_on, moved, paid_on, paid)).held;
            END IF;
        END IF;
    END LOOP;
    IF payout IS NOT NULL AND level > greatest(total, 0) THEN
        SELECT h.held, h.held_to INTO held, held_to
        FROM lifecycle_held(today, window_start, grace_days, moved_on, moved, paid_on, paid) h;
    END IF;
    -- What lies lately is looked for from the end.
    place := n;
    WHILE levels[place] >= mature_aum LOOP
        place := place - 1;
    END LOOP;
    IF place > 0 THEN
        below_on := coalesce(days[place + 1] - 1, today);
    END IF;
    peak := level;
    place := n;
    WHILE place > 1 AND days[place] > recent_from LOOP
        place := place - 1;
        peak := greatest(peak, levels[place]);
    END LOOP;
    IF peak >= warned_peak AND level <= peak * (1 - warn_share) THEN
        place := n;
        WHILE levels[place] < warned_peak OR level > levels[place] * (1 - warn_share) LOOP
            place := place - 1;
        END LOOP;
        warn_high_on := coalesce(days[place + 1] - 1, today);
    END IF;
    IF may_fall IS NULL THEN
        RETURN (
            greatest(total, 0), held, held_to,
            greatest(anchor_on, valued_on[cardinality(valued_on)], moved_on[cardinality(moved_on)]), days[1], peak,
            below_on, warn_high_on, NULL, NULL, NULL, NULL, NULL, NULL, NULL, false, NULL, false, false, false, peak, false
        )::lifecycle_assets;
    END IF;
    -- Peaks that lie too far back for the first day that is low enough are too far back for all later ones.
    place := may_fall;
    WHILE place > 1 AND days[place] > days[may_fall] - window_days + 1 LOOP
        place := place - 1;
    END LOOP;
    falls := lifecycle_falls(
        days[place:], levels[place:], today, normal_on, fall_share, fall_floor, recovery, window_days, memory_days, warn_floor);
    RETURN (
        greatest(total, 0), held, held_to,
        greatest(anchor_on, valued_on[cardinality(valued_on)], moved_on[cardinality(moved_on)]), days[1], peak,
        below_on, warn_high_on, falls.peak, falls.fallen_on, falls.trough, falls.recovers_from, falls.recovers_at,
        falls.forgotten_on, falls.warned_until, falls.falls_today, falls.recovered_at, falls.came_back, falls.lapsed,
        falls.is_gone, falls.next_peak,
        grace_days > 0 AND falls.fallen_on - grace_days >= window_start
            AND coalesce(falls.fallen_on - grace_days = ANY (paid_on), false)
    )::lifecycle_assets;
END $$;
