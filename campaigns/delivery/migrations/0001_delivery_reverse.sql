DROP FUNCTION IF EXISTS delivery_deferral_kept(), delivery_message_kept(), delivery_message_allowed() CASCADE;
DROP FUNCTION IF EXISTS delivery_still_allowed(bigint, bigint, text, timestamptz);
DROP FUNCTION IF EXISTS delivery_needs_verdict(delivery_message, bigint, timestamptz, interval);
