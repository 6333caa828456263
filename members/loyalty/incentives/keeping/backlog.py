"""How much waits to be kept."""

from __future__ import annotations

# Marks, pairs of a member and a rule that are due, rules to compute, rules that failed.
WAITING = """
SELECT (SELECT count(*) FROM (SELECT FROM loyalty_incentive_dirty LIMIT %(most)s) marked),
       (SELECT count(*) FROM (
           SELECT FROM loyalty_keptrule r JOIN loyalty_ruledue d ON d.rule_id = r.id AND d.due_at <= %(now)s
           WHERE r.computed_at IS NOT NULL AND r.starts_at <= %(now)s
             AND (r.ends_at IS NULL OR r.ends_at > %(now)s)
           LIMIT %(most)s
       ) due),
       count(*) FILTER (WHERE computed_at IS NULL AND failed_at IS NULL),
       count(*) FILTER (WHERE failed_at IS NOT NULL)
FROM loyalty_keptrule WHERE starts_at <= %(now)s AND (ends_at IS NULL OR ends_at > %(now)s)
"""
