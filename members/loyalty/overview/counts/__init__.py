"""The numbers of the overview, kept by triggers of the facts."""
