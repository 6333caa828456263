DROP TRIGGER request_kept ON staff_request;
DROP TRIGGER request_decided_once ON staff_request;
DROP TRIGGER reveal_append_only ON staff_reveal;
DROP FUNCTION staff_request_decided_once();
DROP FUNCTION staff_append_only();
