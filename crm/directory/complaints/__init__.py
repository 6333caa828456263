"""Complaints on the member page: what is open, and the forms that record, answer and close."""
