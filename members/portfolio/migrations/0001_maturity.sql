-- A buy matures on the day its source says, else after the term of its product: filled in where the source says
-- nothing, and followed where the buy or the term is corrected. A day that differs from the one the term gives was
-- said by the source and stays. The platform's zone comes with the connection (crm/settings.py).

CREATE FUNCTION portfolio_day_of(instant timestamptz) RETURNS date LANGUAGE sql STABLE AS $$
    SELECT (instant AT TIME ZONE coalesce(nullif(current_setting('perennial.zone', true), ''), 'UTC'))::date
$$;

CREATE FUNCTION portfolio_term_end(bought_at timestamptz, bought bigint) RETURNS date LANGUAGE sql STABLE AS $$
    SELECT portfolio_day_of(bought_at) + term_days FROM portfolio_product WHERE id = bought
$$;

CREATE FUNCTION portfolio_buy_matures() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.matures_on = OLD.matures_on
        AND OLD.matures_on = portfolio_term_end(OLD.at, OLD.product_id) THEN
        NEW.matures_on := NULL;
    END IF;
    IF NEW.kind <> 'buy' THEN
        NEW.matures_on := NULL;
    ELSIF NEW.matures_on IS NULL THEN
        NEW.matures_on := portfolio_term_end(NEW.at, NEW.product_id);
    END IF;
    RETURN NEW;
END $$;

CREATE TRIGGER buy_matures BEFORE INSERT ON portfolio_transaction
    FOR EACH ROW WHEN (NEW.kind = 'buy' AND NEW.matures_on IS NULL AND NEW.product_id IS NOT NULL)
    EXECUTE FUNCTION portfolio_buy_matures();
CREATE TRIGGER buy_corrected BEFORE UPDATE ON portfolio_transaction
    FOR EACH ROW WHEN (
        (OLD.at, OLD.kind, OLD.product_id, OLD.matures_on)
            IS DISTINCT FROM (NEW.at, NEW.kind, NEW.product_id, NEW.matures_on)
        AND (OLD.kind = 'buy' OR NEW.kind = 'buy')
    )
    EXECUTE FUNCTION portfolio_buy_matures();

CREATE FUNCTION portfolio_term_changed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    UPDATE portfolio_transaction
    SET matures_on = portfolio_day_of(at) + NEW.term_days
    WHERE kind = 'buy' AND product_id = NEW.id
      AND matures_on IS NOT DISTINCT FROM portfolio_day_of(at) + OLD.term_days;
    RETURN NULL;
END $$;
CREATE TRIGGER term_changed AFTER UPDATE OF term_days ON portfolio_product
    FOR EACH ROW WHEN (OLD.term_days IS DISTINCT FROM NEW.term_days) EXECUTE FUNCTION portfolio_term_changed();
