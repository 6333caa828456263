"""The message table M and the purchase table P as data."""
