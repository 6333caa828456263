DROP FUNCTION loyalty_benefit_quota_requested() CASCADE;
DROP FUNCTION loyalty_benefit_version_requested() CASCADE;
DROP FUNCTION loyalty_benefit_use_kept() CASCADE;
DROP FUNCTION loyalty_benefit_within_quota() CASCADE;
DROP FUNCTION loyalty_benefits_of(bigint, timestamptz, bigint);
