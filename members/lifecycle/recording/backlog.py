"""How many members wait to be restaged."""

from __future__ import annotations

# Changes of facts that wait (several of a member count apart), members whose answer is due, and members
# that could not be evaluated.
WAITING = """
SELECT
    (SELECT count(*) FROM (
        SELECT FROM lifecycle_dirty WHERE since <= %(now)s OR since_day <= %(today)s LIMIT %(most)s
    ) AS dirty),
    (SELECT count(*) FROM (
        SELECT FROM lifecycle_standing s WHERE due_at <= %(now)s
            AND NOT EXISTS (SELECT FROM lifecycle_evaluationfailure f WHERE f.member_id = s.member_id)
        LIMIT %(most)s
    ) AS due),
    (SELECT count(*) FROM (SELECT FROM lifecycle_evaluationfailure LIMIT %(most)s) AS failed)
"""
