"""What the palette offers everybody: theme, language, the gallery."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from crm.runtime.extension.labels import Label, Verbatim
from crm.web.palette.registry import NO_OTHER_WORDS, Command
from crm.web.permissions import SEE_GALLERY, USE_PALETTE


def _posted(label: Label, url: str, also: Label = NO_OTHER_WORDS, **fields: str) -> Command:
    return Command(label, url, USE_PALETTE, also, tuple(fields.items()), post=True)


COMMANDS = (
    _posted(_("Theme: light"), "choose-theme", _("bright day"), theme="light"),
    _posted(_("Theme: dark"), "choose-theme", _("night"), theme="dark"),
    _posted(_("Theme: system"), "choose-theme", _("auto system"), theme=""),
    _posted(_("Red gains, green losses"), "choose-rising", _("colours up down"), rising="red"),
    _posted(_("Green gains, red losses"), "choose-rising", _("colours up down"), rising="green"),
    _posted(Verbatim("中文"), "choose-language", Verbatim("Chinese language 语言"), language="zh-hans"),
    _posted(Verbatim("English"), "choose-language", Verbatim("英文 language 语言"), language="en"),
    Command(_("Component gallery"), "gallery", SEE_GALLERY, Verbatim("gallery components design 组件")),
)
