DROP TRIGGER IF EXISTS count_inserted ON loyalty_tierstanding;
DROP TRIGGER IF EXISTS count_updated ON loyalty_tierstanding;
DROP TRIGGER IF EXISTS count_deleted ON loyalty_tierstanding;
DROP TRIGGER IF EXISTS count_inserted ON loyalty_tierchange;
DROP TRIGGER IF EXISTS count_superseded ON loyalty_tierchange;
DROP TRIGGER IF EXISTS count_inserted ON loyalty_pointsentry;
DROP TRIGGER IF EXISTS count_inserted ON loyalty_benefituse;
DROP TRIGGER IF EXISTS count_undone ON loyalty_benefituse;
DROP TRIGGER IF EXISTS count_inserted ON loyalty_badgeaward;
DROP TRIGGER IF EXISTS count_superseded ON loyalty_badgeaward;
DROP TRIGGER IF EXISTS count_inserted ON loyalty_questprogress;
DROP TRIGGER IF EXISTS count_updated ON loyalty_questprogress;
DROP FUNCTION IF EXISTS
    loyalty_count_standings(),
    loyalty_count_moves(),
    loyalty_count_entries(),
    loyalty_count_uses(),
    loyalty_count_awards(),
    loyalty_count_quests(),
    loyalty_month_of(timestamptz);
