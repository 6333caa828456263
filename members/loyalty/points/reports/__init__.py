"""What the ledger adds up to: the nightly proof, and the liability by cohort of earning month."""
