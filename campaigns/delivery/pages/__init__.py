"""Pages of delivery: the outbox, a message with its evidence, and whether a member may get a copy."""
