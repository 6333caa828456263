SELECT c.{column} FROM profiles_consent AS c
WHERE c.purpose = '{purpose}' AND c.channel = '{channel}' AND c.recipient = {recipient} AND c.member_id = {member}
  AND c.at <= %(now)s
ORDER BY c.at DESC, c.id DESC LIMIT 1
