-- A product's page is told by the product's name.
SELECT jsonb_build_object('path', p.name) FROM portfolio_product p
WHERE p.code = substring(e.properties ->> 'path' FROM '^/products/([^/]+)$')
