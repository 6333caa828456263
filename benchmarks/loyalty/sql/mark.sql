INSERT INTO loyalty_earnmark (member_id, source, since)
SELECT member_id, 'portfolio_transaction', %(since)s FROM portfolio_transaction GROUP BY member_id
