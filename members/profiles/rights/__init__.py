"""The rights of members in their own data: access, export, correction, erasure."""
