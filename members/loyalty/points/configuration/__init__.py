"""Changes of points by four eyes: earn rules, rewards, budgets, and adjustments of a member's points."""
