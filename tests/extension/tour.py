"""Goes through the product with the app of greetings in it and prints what it found, as JSON.

In a process and on a database of its own, since apps are loaded once and this one has tables.
"""

from __future__ import annotations

import json
import re
from datetime import timedelta
from typing import Any

import django
from django.test.utils import setup_test_environment

django.setup()
setup_test_environment()  # pages may be asked for by a test's client

from django.test import Client  # noqa: E402 (only now are there models)
from django.utils import translation  # noqa: E402 (as above)
from django_celery_beat.schedulers import DatabaseScheduler  # noqa: E402 (as above)

from crm.celery import app  # noqa: E402 (as above)
from crm.runtime.background.schedule import beat_schedule  # noqa: E402 (as above)
from crm.runtime.extension import registry  # noqa: E402 (as above)
from crm.staff.models import Role, Staff  # noqa: E402 (as above)
from crm.web.palette import find  # noqa: E402 (as above)
from tests.crm.cast import NOW, browser_of, member, staff_of  # noqa: E402 (as above)
from tests.extension.greetings import tasks  # noqa: E402 (as above)
from tests.extension.greetings.models import Greeting, Occasion  # noqa: E402 (as above)

ASKED = '{"field":"last_greeting","op":"within_last","value":{"days":2}}'


def file_of(client: Client, address: str) -> str:
    """What the list gives as a file."""
    return b"".join(client.post(address, {"purpose": "salon"}).streaming_content).decode("utf-8-sig")


def text(client: Client, address: str) -> str:
    """A page on one line, without what only lays it out."""
    return re.sub(r"\s+", " ", client.get(address).content.decode())


def tour() -> dict[str, Any]:
    manager = staff_of(Role.RELATIONSHIP_MANAGER, language="en")
    row = member("王小明", manager=manager)
    occasion = Occasion.objects.create(name="Birthday")
    Greeting.objects.create(member=row, id="g1", at=NOW - timedelta(days=1), occasion=occasion)
    Greeting.objects.create(member=row, id="g2", at=NOW + timedelta(days=1), occasion=occasion)
    tasks.count_greetings()
    DatabaseScheduler(app=app)  # as beat does when it starts
    people = {role: staff_of(role, language="en") for role in Role if role != Role.RELATIONSHIP_MANAGER}
    people[Role.RELATIONSHIP_MANAGER] = manager
    browsers = {role: browser_of(one) for role, one in people.items()}
    mine, admin = browsers[Role.RELATIONSHIP_MANAGER], browsers[Role.ADMINISTRATOR]
    address = f"/members/{row.pk}/"
    return {
        "problems": registry.problems(),
        "statuses": {role: client.get("/greetings/").status_code for role, client in browsers.items()},
        "stranger": Client().get("/greetings/").headers.get("Location"),
        "page": text(mine, "/greetings/"),
        "member": address,
        "rails": {role: text(client, "/") for role, client in browsers.items()},
        "rights": text(mine, "/account/"),
        "palette": {role: hits("greet", one) for role, one in people.items()},
        "occasions": hits("birthday", manager),
        "in_chinese": hits("发送问候", manager),
        "timeline": text(mine, f"{address}?tab=timeline"),
        "tab": text(mine, f"{address}?tab=greetings"),
        "tab_refused": admin.get(f"{address}?tab=greetings").status_code,
        "tabs": {role: 'id="tab-greetings"' in text(client, address) for role, client in browsers.items()},
        "narrowed": text(mine, f"{address}?tab=timeline&source=greeting"),
        "others": text(mine, f"{address}?tab=timeline&source=stage"),
        "list": text(browsers[Role.OPERATIONS], f"/members/?cols=last_greeting&rule={ASKED}"),
        "file": file_of(browsers[Role.OPERATIONS], f"/members/export/?cols=last_greeting&rule={ASKED}"),
        "jobs": text(admin, "/jobs/"),
        "beat": beat_schedule()[tasks.JOB]["task"],
        "administration": text(admin, "/admin/"),
        "occasions_kept": text(admin, "/admin/greetings/occasion/"),
        "kept_from": mine.get("/admin/greetings/occasion/").status_code,
    }


def hits(asked: str, person: Staff) -> list[list[str]]:
    """What the palette finds, in the language that is asked in."""
    with translation.override("zh-hans" if not asked.isascii() else "en"):
        return [[str(hit.label), hit.address] for group in find(asked, person) for hit in group.hits]


if __name__ == "__main__":
    print(json.dumps(tour()))
