-- Rows whose import can be undone: what they were is kept when another import overwrites them.
SELECT imports_watch('profiles_channel', 'id');
SELECT imports_watch('profiles_channelspend', 'id');
SELECT imports_watch('profiles_event', 'member_id', 'id');
SELECT imports_watch('profiles_complaint', 'member_id', 'id');
SELECT imports_watch('profiles_riskassessment', 'member_id', 'assessed_on');
