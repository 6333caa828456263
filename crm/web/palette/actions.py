"""What the palette offers to do from anywhere, beside the pages themselves."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from crm.staff.permissions import Action
from crm.web.palette.registry import Command, register_action

EVERYBODY = Action.SEE_HOME


def _posted(label: str | Promise, url: str, also: str | Promise = "", **fields: str) -> Command:
    return Command(label, url, EVERYBODY, also, tuple(fields.items()), post=True)


COMMANDS = (
    Command(_("Propose a change of policy"), "policy", Action.CHANGE_POLICY, fragment="#change"),
    Command(_("Import a file"), "imports", Action.IMPORT, _("upload CSV")),
    _posted(_("Theme: light"), "choose-theme", _("bright day"), theme="light"),
    _posted(_("Theme: dark"), "choose-theme", _("night"), theme="dark"),
    _posted(_("Theme: as the device has it"), "choose-theme", _("auto system"), theme=""),
    _posted("中文", "choose-language", "Chinese language 语言", language="zh-hans"),
    _posted("English", "choose-language", "英文 language 语言", language="en"),
    Command(_("Change password"), "password-change", EVERYBODY),
    Command(_("The look: every component"), "look", EVERYBODY, "look components design 组件"),
    _posted(_("Sign out"), "sign-out", _("log out leave")),
)


def offer() -> None:
    """Register all of them."""
    for command in COMMANDS:
        register_action(command)
