DROP SEQUENCE loyalty_tierchange_id;
DROP SEQUENCE loyalty_tieroverride_id;
DROP SEQUENCE loyalty_stepdone_id;
DROP SEQUENCE loyalty_questprogress_id;
DROP SEQUENCE loyalty_incentivereward_id;
DROP SEQUENCE loyalty_badgeaward_id;
DROP SEQUENCE loyalty_benefituse_id;
DROP SEQUENCE loyalty_points_id;
