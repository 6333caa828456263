"""The command palette: pages, actions and members at one key. Rooms above register what they can find."""

from crm.web.palette.registry import Command, Group, Hit, find, register, register_action

__all__ = ["Command", "Group", "Hit", "find", "register", "register_action"]
