-- Ids of tables of consent and contact, which grow and are keyed by member. Of consents of one instant the last id
-- counts, so its numbers are drawn in order: no CACHE.
CREATE SEQUENCE profiles_consent_id;
CREATE SEQUENCE profiles_contact_id CACHE 100;
CREATE SEQUENCE profiles_rightsrequest_id;
