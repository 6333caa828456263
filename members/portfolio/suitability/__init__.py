"""Which product may be offered or sold to whom (docs/suitability.md)."""
