"""The personal fields of a member: what they are called, and the normal form of what is written in them."""
