"""New normals on the home of a team lead: what colleagues recorded and the lead has not seen."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from django.utils.translation import gettext as _

from crm.desk.home.blocks import READ, Block, Item, first_rows, link_to
from crm.desk.home.members import Members, member_address, member_note
from crm.directory.new_normal.seen import unseen_new_normals
from crm.staff.models import Staff
from crm.staff.privacy.mask_levels import masked_value
from crm.web import formats
from members.lifecycle.models import NewNormal


def read_unseen(staff: Staff, now: datetime) -> list[NewNormal]:
    """The latest. One query."""
    return list(unseen_new_normals(staff, now)[:READ])


def new_normals_block(rows: Sequence[NewNormal], members: Members, staff: Staff) -> Block:
    """The unseen ones with their reasons; the link leads to where they are marked."""
    return Block(
        _("New normals to review"),
        [_item(row, members, staff) for row in first_rows(rows) if row.member_id in members],
        more=link_to(_("Review all"), "new-normals"),
        empty=_("No new normals to review."),
        note=_("assets that fell and are said to stay there"),
    )


def _item(row: NewNormal, members: Members, staff: Staff) -> Item:
    member = members[row.member_id]
    values = {
        "peak": formats.short_money(row.peak_aum),
        "aum": formats.short_money(row.aum),
        "by": row.recorded_by,
        "reason": masked_value("text", row.reason, staff),
    }
    return Item(
        member.view.name,
        member_address(row.member_id),
        _("%(peak)s → %(aum)s: %(reason)s (%(by)s)") % values,
        at=row.at,
        note=member_note(member),
    )
