"""What the pages of members publish to the apps below them."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from crm.directory import palette as members_in_palette
from crm.directory.list import export
from crm.directory.list.request.as_rule import filters_in_rule
from crm.directory.list.views_of_segments import views_of
from crm.runtime.extension.labels import Label
from crm.staff.models import Staff
from crm.staff.permissions import REVEAL, may
from crm.staff.privacy import export_log
from crm.web import palette
from crm.web.assets import styles
from crm.web.frame import navigation, search_box
from crm.web.frame.navigation import WORK, Place
from members.lifecycle.permissions import REVIEW_NEW_NORMALS
from members.profiles import links
from members.profiles.permissions import ASSIGN_MEMBERS, SEARCH_PEOPLE, SEE_MEMBERS
from members.segments import used_by
from members.segments.builder import list_filters

MEMBERS = Place(
    "members",
    _("Members"),
    "m",
    SEE_MEMBERS,
    WORK,
    20,
    within=(
        "member",
        "reveal",
        "complaint-new",
        "complaint-answer",
        "complaint-close",
        "new-normal",
        "new-normals",
        "timeline",
        "peek",
        "columns",
        "views",
        "view-save",
        "view-rename",
        "member-search",
        "assign-members",
        "builder-filter",
        "show-sources",
    ),
)
BY_PERSON, BY_NUMBER = _("Name, pinyin, member number, mobile"), _("Member number, such as #123")
BY_ID = _("Member number, external ID, family name")


def publish() -> None:
    """Called once, from AppConfig.ready()."""
    links.MEMBER.lead_to("member")
    links.MEMBERS.lead_to("members")
    list_filters.register("members", filters_in_rule)
    used_by.register(used_by.User("saved_view", _("Saved view"), views_of))
    export_log.register({export.WHAT: _("Members")})
    styles.register("directory/list", "directory/member")
    navigation.register(MEMBERS)
    search_box.register(search_box.SearchBox("member-search", _("Search members"), search_hint))
    palette.register_commands(
        palette.Command(
            _("Assign members"), "assign-members", ASSIGN_MEMBERS, _("relationship manager book")
        ),
        palette.Command(_("New normals"), "new-normals", REVIEW_NEW_NORMALS),
    )
    palette.register_source("members", palette.Source(_("Members"), members_in_palette.members))


def search_hint(staff: Staff) -> Label:
    """What this person may find members by."""
    if not may(staff, SEARCH_PEOPLE):
        return BY_NUMBER
    return BY_PERSON if may(staff, REVEAL) else BY_ID
