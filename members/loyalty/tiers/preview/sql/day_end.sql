SELECT coalesce((
    SELECT aum FROM portfolio_valuation
    WHERE member_id = s.member_id AND date < %(day)s ORDER BY date DESC LIMIT 1
), 0)
