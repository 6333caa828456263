"""Pages of contacts and of the contact policy."""
