"""Whether those who had a badge or a quest made the transition it is meant to bring: a comparison."""
