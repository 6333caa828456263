"""Pages of the rights of members, and the tab of the member page."""
