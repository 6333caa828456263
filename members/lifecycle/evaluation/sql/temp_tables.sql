-- Working tables of a session; emptied for each batch.
CREATE TEMP TABLE IF NOT EXISTS _locked (
    member_id bigint NOT NULL,
    evaluated_at timestamptz,
    due_at timestamptz,
    recorded_from timestamptz,
    policy_version integer NOT NULL,
    first_invested_at timestamptz,
    stage text,
    is_healthy boolean NOT NULL,       -- no decline rule and no warning holds
    aum numeric(20, 2) NOT NULL,
    aum_on date,
    peak numeric(20, 2) NOT NULL,
    last_trade_at timestamptz,
    last_login_at timestamptz,
    steady_since date
);
CREATE TEMP TABLE IF NOT EXISTS _claim (
    member_id bigint PRIMARY KEY,
    from_at timestamptz NOT NULL,      -- evaluate from here on
    one_instant boolean NOT NULL,      -- all facts since the last evaluation are of one instant
    is_late boolean NOT NULL,          -- facts before the last evaluation changed
    until timestamptz,                 -- the last instant of changed facts
    is_new boolean NOT NULL,           -- nothing is recorded yet
    from_due boolean NOT NULL,         -- from_at is not the instant of a fact: due, or a policy's start
    first_invested_at timestamptz,     -- where it is known and cannot have changed
    has_valuations boolean NOT NULL DEFAULT false  -- among the changed facts
);
CREATE TEMP TABLE IF NOT EXISTS _pair (
    member_id bigint NOT NULL,
    at timestamptz NOT NULL,
    day date NOT NULL,
    policy_version integer NOT NULL,
    PRIMARY KEY (member_id, at)
);
CREATE TEMP TABLE IF NOT EXISTS _answer (
    member_id bigint NOT NULL,
    at timestamptz NOT NULL,
    day date NOT NULL,
    policy_version integer NOT NULL,
    stage text,
    sub_state text,
    rules smallint NOT NULL,
    warnings smallint NOT NULL,
    due_at timestamptz,
    aum_low numeric(20, 2),
    aum_high numeric(20, 2),
    aum numeric(20, 2) NOT NULL,
    aum_on date,
    first_invested_at timestamptz,
    last_trade_at timestamptz,
    last_login_at timestamptz,
    peak numeric(20, 2),
    steady_since date,
    closing_at timestamptz,
    complaint_at timestamptz,
    known_at timestamptz,
    registered_at timestamptz,
    active_on date,
    fallen_on date,                    -- of an open fall, as the next three
    trough numeric(20, 2),
    recovers_at numeric(20, 2),
    forgotten_on date,
    next_peak numeric(20, 2),
    silent_on date,                    -- the day from which silence warns
    is_complaining boolean NOT NULL,
    held numeric(20, 2) NOT NULL,      -- money paid out that still counts as assets
    held_to date,                      -- the day from which on it counts no more, or less
    is_unspent boolean NOT NULL,       -- the open fall began because money paid out was not invested again
    normal_at timestamptz,
    is_settling boolean NOT NULL,      -- a decline that ends here ends otherwise than by money or activity
    PRIMARY KEY (member_id, at)
);
CREATE TEMP TABLE IF NOT EXISTS _stage_change (
    member_id bigint NOT NULL,
    at timestamptz NOT NULL,
    policy_version integer NOT NULL,
    from_stage text, from_sub_state text,
    to_stage text, to_sub_state text,
    dwell interval,
    won_back boolean NOT NULL,
    settled boolean NOT NULL,
    PRIMARY KEY (member_id, at)
);
CREATE TEMP TABLE IF NOT EXISTS _assumed (
    member_id bigint PRIMARY KEY,
    aum numeric(20, 2) NOT NULL        -- in place of what the facts give (evaluate_assuming_assets)
);
