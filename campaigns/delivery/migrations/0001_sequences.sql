-- Ids of tables that grow, keyed by member, and the numbers of calls of the gate.
CREATE SEQUENCE delivery_verdict_id CACHE 100;
CREATE SEQUENCE delivery_message_id;
CREATE SEQUENCE delivery_deferral_id;
CREATE SEQUENCE delivery_call;
