"""How many members a rule matches, in words; an estimate says so, and how far it may be off."""

from __future__ import annotations

from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.web import formats
from members.segments.builder.preview.preview import Count


def size_words(count: Count | None) -> SafeString | str:
    """The size of a preview; the number stands out."""
    if count is None:
        return _("Too many members to look at while you wait. Save the segment to count them.")
    number = format_html("<strong>{}</strong>", formats.number(count.members))
    if not count.estimated:
        return format_html(ngettext("{} member matches", "{} members match", count.members), number)
    looked_at = {"count": formats.number(count.looked_at)}
    basis = format_html(" <small>{}</small>", _("estimated from %(count)s members") % looked_at)
    if count.below:
        return format_html("{}{}", format_html(_("Fewer than {} members match"), number), basis)
    off = formats.number(count.error)
    return format_html("{}{}", format_html(_("About {} ± {} members match"), number, off), basis)
