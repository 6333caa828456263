"""What greetings publish to the apps below them: all that anybody else has to know of this app."""

from __future__ import annotations

from collections.abc import Iterator

from celery.schedules import crontab
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from crm.runtime.background import schedule
from crm.runtime.background.schedule import Scheduled
from crm.staff import permissions
from crm.staff.administration import sections
from crm.staff.models import Staff
from crm.staff.permissions import may
from crm.web import palette
from crm.web.assets import styles
from crm.web.frame import navigation
from crm.web.frame.navigation import WORK, Place
from crm.web.jobs import queues
from crm.web.jobs import registry as jobs
from crm.web.jobs.registry import Job
from members.profiles.member_page import tabs
from members.profiles.privacy import INTERNAL
from members.profiles.timeline import registry as timeline
from members.rules.catalogue import fields, groups
from members.rules.catalogue.fields import Field
from members.rules.catalogue.types import Type
from tests.extension.greetings import tasks
from tests.extension.greetings.member_tab import TAB
from tests.extension.greetings.models import Occasion
from tests.extension.greetings.permissions import GREET
from tests.extension.greetings.timeline import GREETINGS

LAST = "(SELECT max(g.at) FROM greetings_greeting AS g WHERE g.member_id = m.id AND g.at <= %(now)s)"
NEXT = "(SELECT min(g.at) FROM greetings_greeting AS g WHERE g.member_id = m.id AND g.at > %(now)s)"
GREETED = Field(
    name="last_greeting",
    label=_("Last greeting"),
    help=_("When the member was last greeted."),
    type=Type.INSTANT,
    sql=LAST,
    privacy=(INTERNAL,),
    tables=("greetings_greeting",),
    past=LAST,
    past_next=NEXT,
    next=NEXT,
    group=groups.ACTIVITY,
)


TO_COME = queues.Queue(
    "SELECT count(*) FROM (SELECT FROM greetings_greeting WHERE at > %(now)s LIMIT %(most)s) to_come",
    (queues.Count(_("greetings to send")),),
)


def publish() -> None:
    permissions.register(GREET)
    styles.register("greetings")
    navigation.register(Place("greetings", _("Greetings"), "1", GREET, WORK, 30))
    palette.register_commands(palette.Command(_("Send a greeting"), "greetings", GREET, fragment="#send"))
    palette.register_source("occasions", palette.Source(_("Occasions"), occasions))
    timeline.register(GREETINGS)
    tabs.register(TAB)
    fields.register(GREETED)
    jobs.register(Job(tasks.JOB, _("Count greetings"), {"greetings": _("greetings")}))
    schedule.register(
        Scheduled(tasks.JOB, tasks.count_greetings, crontab(hour=5, minute=0), 3600, _("Count greetings"))
    )
    queues.register("greetings", TO_COME)
    sections.register(
        sections.Table("greetings_occasion", _("Occasions"), "cake", sections.REFERENCE_DATA, 50)
    )


def occasions(text: str, staff: Staff) -> Iterator[palette.Hit]:
    if may(staff, GREET):
        for row in Occasion.objects.filter(name__icontains=text)[:8]:
            yield palette.Hit(row.name, reverse("greetings"))
