DROP TRIGGER adopt_changes ON runtime_change;
DROP FUNCTION runtime_change_inserted();
DROP FUNCTION runtime_adopt_changes();
