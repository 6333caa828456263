"""A new normal: recorded on the member page, seen by the team lead."""
