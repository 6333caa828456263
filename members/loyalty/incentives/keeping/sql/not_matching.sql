SELECT w.id FROM {{table}} w
WHERE w.version_id = %(version)s {{only}} AND w.superseded_at IS NULL AND w.recorded_at = %(now)s
  AND w.member_id IN (SELECT member_id FROM _incentive_claim WHERE earliest <= %(now)s)
  AND NOT EXISTS (SELECT FROM {source} WHERE m.id = w.member_id AND {condition})
