-- The falls of one member by the definition in docs/lifecycle.md: a curve of assets, `levels` from each of `days` on up
-- to `today`, gone through once. Peaks that have not fallen yet stand on a stack, the highest and oldest at its bottom:
-- a day that reaches as much takes those below off it, a day low enough lets those at the bottom fall. Peaks before
-- `normal_on` do not count from that day on.
--   peak          the highest peak from which assets have fallen and not recovered; the other results of open falls are
--                 NULL without one
--   fallen_on     the day of that fall
--   trough        the highest of the lowest assets since each open fall
--   recovers_from the lowest assets at which an open fall would end
--   recovers_at   the assets at which all of them would
--   forgotten_on  the day on which memory ends all of them
--   warned_until  the day on which memory ends those whose peak reaches `least_warned`
--   falls_today   whether one of them began today
--   recovered_at  the assets that ended a fall today
--   came_back     whether assets ended a fall today
--   lapsed        whether memory ended one today
--   is_gone       whether one has ended otherwise than by assets, which are still missing
--   next_peak     the highest peak from which assets may still fall, NULL without one
CREATE FUNCTION lifecycle_falls(
    days date[], levels numeric[], today date, normal_on date, share numeric, least_peak numeric, recovery numeric,
    window_days integer, memory_days integer, least_warned numeric,
    OUT peak numeric, OUT fallen_on date, OUT trough numeric, OUT recovers_from numeric, OUT recovers_at numeric,
    OUT forgotten_on date, OUT warned_until date, OUT falls_today boolean, OUT recovered_at numeric, OUT came_back boolean, OUT lapsed boolean,
    OUT is_gone boolean, OUT next_peak numeric
) LANGUAGE plpgsql IMMUTABLE PARALLEL SAFE AS $$
DECLARE
    peaks numeric[] := '{}';      -- the stack: assets and last day of each peak
    peak_days date[] := '{}';
    top integer := 0;
    unfallen integer := 1;        -- the lowest place on the stack that has not fallen
    fall_peaks numeric[] := '{}'; -- falls that assets have not ended: peak, day, lowest assets since
    fall_days date[] := '{}';
    lows numeric[] := '{}';
    disregarded boolean[] := '{}';    -- a new normal has come since
    falls integer := 0;
    level numeric;
    day date;
    needed numeric;
    is_told boolean;
    n integer;
BEGIN
    falls_today := false; came_back := false; lapsed := false; is_gone := false;
    FOR i IN 1 .. cardinality(days) LOOP
        level := levels[i];
        day := days[i];
        n := 1;
        WHILE n <= falls LOOP
            needed := lows[n] + recovery * (fall_peaks[n] - lows[n]);
            IF level < needed THEN
                lows[n] := least(lows[n], level);
                n := n + 1;
                CONTINUE;
            END IF;
            IF day = today AND NOT disregarded[n] AND fall_days[n] + memory_days >= today THEN
                came_back := true;
                IF fall_days[n] + memory_days > today THEN
                    recovered_at := greatest(recovered_at, ceil(needed * 100) / 100);
                END IF;
            END IF;
            fall_peaks[n] := fall_peaks[falls]; fall_days[n] := fall_days[falls];
            lows[n] := lows[falls]; disregarded[n] := disregarded[falls];
            falls := falls - 1;
        END LOOP;
        is_told := false;  -- of the peaks that fall on one day the highest counts
        WHILE unfallen <= top AND peaks[unfallen] >= least_peak AND peaks[unfallen] * (1 - share) >= level LOOP
            IF NOT is_told AND day - peak_days[unfallen] < window_days
               AND (normal_on IS NULL OR peak_days[unfallen] >= normal_on OR day <= normal_on) THEN
                falls := falls + 1;
                fall_peaks[falls] := peaks[unfallen]; fall_days[falls] := day; lows[falls] := level;
                disregarded[falls] := coalesce(peak_days[unfallen] < normal_on, false);
                is_told := true;
            END IF;
            unfallen := unfallen + 1;
        END LOOP;
        WHILE top > 0 AND peaks[top] <= level LOOP
            top := top - 1;
        END LOOP;
        unfallen := least(unfallen, top + 1);
        top := top + 1;
        peaks[top] := level;
        peak_days[top] := CASE WHEN i < cardinality(days) THEN days[i + 1] - 1 ELSE today END;
    END LOOP;
    FOR n IN 1 .. falls LOOP
        needed := ceil((lows[n] + recovery * (fall_peaks[n] - lows[n])) * 100) / 100;
        IF disregarded[n] OR fall_days[n] + memory_days <= today THEN
            is_gone := true;
            lapsed := lapsed OR (NOT disregarded[n] AND fall_days[n] + memory_days = today);
            CONTINUE;
        END IF;
        IF peak IS NULL OR fall_peaks[n] > peak OR (fall_peaks[n] = peak AND fall_days[n] > fallen_on) THEN
            peak := fall_peaks[n];
            fallen_on := fall_days[n];
        END IF;
        trough := greatest(trough, lows[n]);
        recovers_from := least(recovers_from, needed);
        recovers_at := greatest(recovers_at, needed);
        forgotten_on := greatest(forgotten_on, fall_days[n] + memory_days);
        IF fall_peaks[n] >= least_warned THEN
            warned_until := greatest(warned_until, fall_days[n] + memory_days);
        END IF;
        falls_today := falls_today OR fall_days[n] = today;
    END LOOP;
    WHILE unfallen <= top LOOP
        IF today - peak_days[unfallen] < window_days AND (normal_on IS NULL OR peak_days[unfallen] >= normal_on) THEN
            next_peak := peaks[unfallen];
            EXIT;
        END IF;
        unfallen := unfallen + 1;
    END LOOP;
END $$;
