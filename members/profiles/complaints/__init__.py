"""The life of a complaint: received, answered, closed."""
