"""The keys of the builder: each acts on the line that has the focus, as the buttons of that line do."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

# Key, what js/rule_builder.js does, and how "?" explains it. The line's own button has the verb in its value.
KEYS = (
    ("n", "add", _("Add condition")),
    ("b", "add :group", _("Add group")),
    ("j", "next", _("Next condition")),
    ("k", "previous", _("Previous condition")),
    ("e", "pick", _("Change field")),
    ("i", "negate", _("Negate condition")),
    ("d", "duplicate", _("Duplicate condition")),
    ("[", "up", _("Move condition up")),
    ("]", "down", _("Move condition down")),
    ("w", "group", _("Put condition into a group")),
    ("u", "ungroup", _("Ungroup")),
    ("Escape", "line", _("Leave the input for its condition")),
    ("Delete", "remove", _("Remove condition")),
)
