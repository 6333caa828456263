"""What may be sent: approved copy, to the second."""

from __future__ import annotations


def approved_sql() -> str:
    """The approved versions at %(now)s, as a relation of (copy_version_id, template_hash, expires_at,
    product_id, purpose, channel, language).

    A version is left out from the instant on at which its approval ends (whether or not the job that records
    it has run), it lapses, is withdrawn, or its product gets another risk rating. Put it in parentheses after
    FROM; in SQL of the database the same is review_approved(instant).
    """
    return "SELECT * FROM review_approved(%(now)s)"
