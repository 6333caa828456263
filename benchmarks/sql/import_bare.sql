CREATE TABLE bare (
    member_id text NOT NULL,
    id varchar(120) NOT NULL,
    at timestamptz NOT NULL,
    kind varchar(10) NOT NULL,
    amount numeric(20, 2) NOT NULL,
    product_id text,
    PRIMARY KEY (member_id, id),
    CHECK (kind IN ('buy', 'redemption', 'payout', 'dividend', 'fee')),
    CHECK (amount > 0)
);
CREATE INDEX ON bare (member_id, at) INCLUDE (kind, amount)
