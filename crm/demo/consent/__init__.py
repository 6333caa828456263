"""Consents, contacts and requests about own data of the demonstration."""
