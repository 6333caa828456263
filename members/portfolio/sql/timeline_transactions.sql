SELECT t.at, t.id, t.kind, t.amount, p.name AS detail, t.import_id
FROM portfolio_transaction t LEFT JOIN portfolio_product p ON p.id = t.product_id
WHERE t.member_id = %(member)s
