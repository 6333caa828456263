"""The list of members, read in one direction.

A request goes through four steps: `parse` (query string → checked request), `plan` (request and reader → what
is read, by which index, and what gives its size), `scan` (plan → member ids and the token of the next page)
and `rows` (ids → rows as the reader may see them). `list_members` is all four. `pages` and `export`
present the result.

A module imports only from those before it:

    privacy → filters, orders, columns → parse → plan → index_scan → scan → rows → list_members
    → export, saved_views → pages
"""
