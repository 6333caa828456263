"""Points in the catalogue: fields of a member, and what members did with points."""
