"""A rule into one SQL condition, and the expression of the next instant at which it can change."""
