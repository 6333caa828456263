"""The command palette: pages, actions and members at one key. Apps register what they find and do."""

from crm.web.palette.registry import Command, Group, Hit, Source, find, register_commands, register_source

__all__ = ["Command", "Group", "Hit", "Source", "find", "register_commands", "register_source"]
