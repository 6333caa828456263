-- Rows whose import can be undone: what they were is kept when another import overwrites them.
SELECT imports_watch('portfolio_product', 'id');
SELECT imports_watch('portfolio_transaction', 'member_id', 'id');
SELECT imports_watch('portfolio_valuation', 'member_id', 'date');
SELECT imports_watch('portfolio_savingplan', 'member_id', 'id');
