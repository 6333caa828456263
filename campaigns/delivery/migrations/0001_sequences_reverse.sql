DROP SEQUENCE IF EXISTS delivery_call, delivery_deferral_id, delivery_message_id, delivery_verdict_id;
