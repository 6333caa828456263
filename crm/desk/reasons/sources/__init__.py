"""The reasons to call that the desk itself knows; each module gives one source."""
