"""Pages of suitability: ratings, the house rule, verified statuses, purchases."""
