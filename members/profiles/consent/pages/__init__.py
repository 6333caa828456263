"""Pages of consents and of the suppression list."""
