DROP TRIGGER term_changed ON portfolio_product;
DROP TRIGGER buy_corrected ON portfolio_transaction;
DROP TRIGGER buy_matures ON portfolio_transaction;
DROP FUNCTION portfolio_term_changed(), portfolio_buy_matures(), portfolio_term_end(timestamptz, bigint),
    portfolio_day_of(timestamptz);
