-- Some members that match, in no order.
SELECT m.id FROM {source} WHERE {condition} LIMIT %(preview_shown)s
