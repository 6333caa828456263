DROP TRIGGER complaint_inserted ON profiles_signal;
DROP TRIGGER complaint_changed ON profiles_signal;
DROP TRIGGER complaint_unsaid ON profiles_signal;
DROP TRIGGER complaint_deleted ON profiles_signal;
DROP TRIGGER complaint_kept ON profiles_complaint;
DROP FUNCTION profiles_signal_received(), profiles_signal_withdrawn(), profiles_complaint_kept();
