DROP FUNCTION review_template_hash(text, text, text, text, jsonb, date, date);
