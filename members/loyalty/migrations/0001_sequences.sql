-- Ids of tables that grow, keyed by member.
CREATE SEQUENCE loyalty_tierchange_id;
CREATE SEQUENCE loyalty_tieroverride_id;
CREATE SEQUENCE loyalty_badgeaward_id;
CREATE SEQUENCE loyalty_incentivereward_id;
CREATE SEQUENCE loyalty_questprogress_id;
CREATE SEQUENCE loyalty_stepdone_id;
CREATE SEQUENCE loyalty_benefituse_id;
CREATE SEQUENCE loyalty_points_id CACHE 100;
