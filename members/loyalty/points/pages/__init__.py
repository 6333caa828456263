"""Pages of points: earn rules, rewards, adjustments, liability."""
