"""Assigning members to relationship managers: one, those selected in the list, or all that match."""
