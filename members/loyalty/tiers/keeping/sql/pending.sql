-- Whether there is anything to do for a programme whose rules apply already.
SELECT EXISTS (
    SELECT FROM (SELECT DISTINCT programme_id FROM loyalty_tierpolicy WHERE effective_from <= %(today)s) p
    WHERE EXISTS (SELECT FROM loyalty_tierdirty d WHERE d.programme_id = p.programme_id AND d.since_day <= %(today)s)
       OR EXISTS (SELECT FROM loyalty_tiersweep s
                  WHERE s.programme_id = p.programme_id AND s.day <= %(today)s AND s.ended_at IS NULL)
) OR EXISTS (SELECT FROM loyalty_tierstanding WHERE due_on <= %(today)s)
