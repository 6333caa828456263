-- Where no law keeps anything of the relation, its free texts go too.
DELETE FROM profiles_signal WHERE member_id = %(member)s;
DELETE FROM profiles_complaint WHERE member_id = %(member)s
