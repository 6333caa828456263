"""Consent of members by purpose and channel, and the addresses that are not contacted any more."""
