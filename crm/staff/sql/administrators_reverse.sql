DROP TRIGGER staff_one_administrator_deleted ON staff_staff;
DROP TRIGGER staff_one_administrator_changed ON staff_staff;
DROP FUNCTION staff_keep_an_administrator();
DROP TRIGGER accountchange_append_only ON staff_accountchange;
