DROP TRIGGER staff_one_administrator_deleted ON staff_staff;
DROP TRIGGER staff_one_administrator_changed ON staff_staff;
DROP FUNCTION staff_keep_an_administrator();
DROP TRIGGER accountchange_append_only ON staff_accountchange;
DROP TRIGGER request_kept ON staff_request;
DROP TRIGGER request_decided_once ON staff_request;
DROP TRIGGER reveal_append_only ON staff_reveal;
DROP FUNCTION staff_request_decided_once();
DROP FUNCTION staff_append_only();
