"""The gate: whether members may get a version of a copy on a channel, by one table for all of them."""
