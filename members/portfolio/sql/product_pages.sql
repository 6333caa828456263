-- A product's page is told by the product's name.
SELECT jsonb_build_object('product', CASE WHEN %(english)s AND p.name_en <> '' THEN p.name_en ELSE p.name END)
FROM portfolio_product p
WHERE p.code = substring({page} FROM '(?:^|/)(?:products?|funds?)/([^/?#]+)')
