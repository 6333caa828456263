DROP SEQUENCE profiles_consent_id;
DROP SEQUENCE profiles_contact_id;
DROP SEQUENCE profiles_rightsrequest_id;
