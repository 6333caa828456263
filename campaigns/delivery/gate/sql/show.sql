SELECT member_id, outcome, row, reasons, not_before, snapshot FROM verdict ORDER BY member_id
