SELECT t.at, t.id, CASE WHEN t.plan_debit THEN 'plan_debit' ELSE t.kind END AS kind, t.amount,
       CASE WHEN %(english)s AND p.name_en <> '' THEN p.name_en ELSE p.name END AS detail, t.import_id
FROM portfolio_transaction t LEFT JOIN portfolio_product p ON p.id = t.product_id
WHERE t.member_id = %(member)s
