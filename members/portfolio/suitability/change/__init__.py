"""Changes by four eyes: ratings of products, the house rule, verified statuses of members."""
