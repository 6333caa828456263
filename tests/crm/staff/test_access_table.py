"""Every address in every role, with every method, against the table written in docs/access.md."""

from __future__ import annotations

import logging
from datetime import date, timedelta
from typing import Any

import pytest
from django.contrib.contenttypes.models import ContentType
from django.core.cache import cache
from django.core.handlers.base import BaseHandler
from django.db import transaction
from django.http import HttpResponseBase
from django.test import RequestFactory

from crm.directory.models import SavedView
from crm.imports.models import ImportRun, Reject
from crm.insights.models import KpiTarget
from crm.runtime.models import JobRun
from crm.runtime.secrets.crypto import blind_index, encrypt
from crm.staff.models import Request, Reveal, Role, Staff, Team
from members.lifecycle.models import Policy, PolicyTrial
from members.lifecycle.policy.change import as_text
from members.portfolio.models import Category
from members.profiles.masking import MASK_LEVELS, MaskLevel
from members.profiles.models import Member, Signal
from tests.crm.cast import NOW, browser_of, member, move, staff_of
from tests.crm.staff.access_table import NOBODY, Address, Line, addresses, line_of, lines

OTHER_METHODS = ("PUT", "DELETE")
# Django's own forms take a PUT for a POST; their guards are the same.
DJANGOS = {"sign-in", "set-password", "password-change", "sign-out"}
QUERIES = {
    "job-history": "?job=restage+members",
    "moves": "?month=2026-03&to=decline",
    "palette": "?q=欧阳",
    "policy": "?trial=770003",
    "admin:autocomplete": "?app_label=portfolio&model_name=product&field_name=category",
}
PAYLOADS: dict[str, dict[str, str]] = {"reveal": {"field": "mobile", "reason": "asked for a call"}}
PARTS = ("/timeline/",)  # asked for as htmx does: without it they lead on to the page they are a part of
SHOWS_IN_PLAIN = {"reveal"}  # that is what it is for; its row in the log is tested where it is written
DOORS = ("/sign-in/", "/admin/")
LIMITED = {"own", "team"}
NOT_THERE = 404
GONE = {"import-upload"}  # whose rows no test of access makes: not there for whom it is allowed


class Somebody:
    """A member with a value of every kind that must not be seen in plain."""

    def __init__(self, name: str, number: str, manager: Staff) -> None:
        digits = number[-4:]
        self.name, self.masked, self.number = name, f"{name[0]}*", number
        self.secrets = {
            "mobile": f"1391234{digits}",
            "email": f"someone.{digits}@example.com",
            "id_number": f"31010119900307{digits}",
            "address": f"上海市浦东新区世纪大道{digits}号",
        }
        self.born = date(1990, 3, 7) + timedelta(days=int(digits))
        self.complaint = f"complaint-{digits}"
        row = member(name, manager=manager, number=number, stage="decline", warnings=1)
        sealed = {kind: encrypt(kind, value) for kind, value in self.secrets.items()}
        indexes = {
            f"{kind}_index": blind_index(kind, self.secrets[kind])
            for kind in ("mobile", "email", "id_number")
        }
        Member.objects.filter(pk=row.pk).update(**sealed, **indexes, birth_date=self.born)
        Signal.objects.create(
            member=row, id=number, at=NOW - timedelta(days=3), kind="complaint", detail=self.complaint
        )
        move(row, "growth", "decline", inputs={"rules": 1, "active_on": "2026-01-10"})
        self.id = row.pk

    def plain(self) -> list[str]:
        return [*self.secrets.values(), self.born.isoformat()]


class World:
    """One reader, a member of theirs, one of somebody else's, and a row for each address that wants one."""

    def __init__(self, role: str) -> None:
        cache.clear()
        Policy.objects.get_or_create(version=1, defaults={"effective_from": NOW - timedelta(days=4000)})
        home, away = Team.objects.create(name="Home"), Team.objects.create(name="Away")
        self.reader = staff_of(Role(role if role != NOBODY else Role.ANALYST), home, "zh-hans")
        colleague = staff_of(Role.RELATIONSHIP_MANAGER, home, "zh-hans")
        stranger = staff_of(Role.RELATIONSHIP_MANAGER, away, "zh-hans")
        keeps = role == Role.RELATIONSHIP_MANAGER
        self.mine = Somebody("欧阳若溪", "BANK-770001", self.reader if keeps else colleague)
        self.theirs = Somebody("司徒云帆", "BANK-880002", stranger)
        self.factory = RequestFactory()
        if role != NOBODY:
            self.factory.cookies = browser_of(self.reader).cookies
        self.handler = BaseHandler()
        self.handler.load_middleware()
        for one in (self.mine, self.theirs):
            Reveal.objects.create(
                staff=self.reader, member_id=one.id, field="mobile", reason="call back", at=NOW
            )
        run = ImportRun.objects.create(
            kind="events", filename="events.csv", started_at=NOW, finished_at=NOW, outcome="done", rejected=1
        )
        reject = _reject(run)
        JobRun.objects.create(name="restage members", started_at=NOW, heartbeat_at=NOW, worker="w")
        view = SavedView.objects.create(**_view(stranger))
        request = Request.objects.create(
            kind="lifecycle.policy", summary="Idle", reason="earlier", maker=stranger, made_at=NOW,
            proposal={"values": {}, "effective_from": NOW.isoformat()}, expires_at=NOW + timedelta(days=7),
        )  # fmt: skip
        PolicyTrial.objects.create(**_trial(stranger, self.mine.id, self.theirs.id))
        category = Category.objects.create(code="cash", name="Cash")
        # (what is the reader's own, what is somebody else's); None: there is none.
        self.samples: dict[str, tuple[Any, Any]] = {
            "member_id": (self.mine.id, self.theirs.id),
            "staff_id": (colleague.pk, stranger.pk),
            "team_id": (home.pk, away.pk),
            "view_id": (None, view.pk),
            "request_id": (None, request.pk),
            "run_id": (run.pk, None),
            "reject_id": (reject.pk, None),
            "upload_id": (1, None),
            "code": ("cost_per_registration", None),
            "target_id": (self._target(self.reader), self._target(stranger)),
            "number": (1, None),
            "step": (1, None),
            "uidb64": ("MQ", None),
            "token": ("no-token", None),
            "object_id": (category.pk, None),
            "content_type_id": (ContentType.objects.get_for_model(Category).pk, None),
        }

    def _target(self, staff: Staff) -> int:
        return KpiTarget.objects.create(
            kpi="cost_per_registration", effective_from=NOW, set_by=staff, set_at=NOW, reason="plan"
        ).pk

    def paths(self, address: Address) -> list[tuple[str, bool]]:
        """Each path to try, and whether it leads to something of somebody else."""
        pairs = [self.samples[name] for name in address.varies]
        found = []
        if all(own is not None for own, _ in pairs):
            found.append(({name: self.samples[name][0] for name in address.varies}, False))
        if any(other is not None for _, other in pairs):
            values = {name: self.samples[name][1] or self.samples[name][0] for name in address.varies}
            found.append((values, True))
        return [(address.path(values) + QUERIES.get(address.name, ""), other) for values, other in found]


def _reject(run: ImportRun) -> Reject:
    return Reject.objects.create(
        run=run, line=2, field="at", value="soon", code="x", row=encrypt("reject", "{}")
    )


def _trial(asker: Staff, *member_ids: int) -> dict[str, Any]:
    """A trial that is done, with these members as examples."""
    policy = Policy.objects.get(version=1)
    stages = {"before": "growth", "sub_before": None, "after": "decline", "sub_after": "at_risk"}
    samples = [{"member_id": member_id, "aum": "1000", **stages} for member_id in member_ids]
    result = {"moves": [["growth", "decline", 2, "2000"]], "moved": 2, "samples": samples}
    values = as_text(policy) | {"idle_days": "30"}
    return {
        "id": 770003, "policy": policy, "values": values, "effective_from": NOW, "asked_by": asker,
        "asked_at": NOW, "started_at": NOW, "finished_at": NOW, "outcome": "done",
        "done": 2, "total": 2, "result": result,
    }  # fmt: skip


def _view(owner: Staff) -> dict[str, Any]:
    return {"owner": owner, "name": "Mine", "query": {}}


@pytest.fixture(autouse=True)
def _quiet_clock(settings):
    """Time stands still, and a thousand refusals are not written down."""
    settings.BUSINESS_NOW = NOW.isoformat()
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture(scope="module")
def table() -> list[Line]:
    return lines()


def test_every_address_has_a_line_and_every_line_an_address(table):
    names = {address.name for address in addresses()}
    assert [name for name in sorted(names) if line_of(name, table) is None] == []
    assert [line.name for line in table if not any(line_of(name, [line]) for name in names)] == []
    assert len({line.name for line in table}) == len(table)


@pytest.mark.django_db
@pytest.mark.parametrize("role", [*Role.values, NOBODY])
def test_the_table_holds(role, table):
    world = World(role)
    wrong = []
    for address in addresses():
        line = line_of(address.name, table)
        if line is not None:
            wrong += [f"{address.name}: {complaint}" for complaint in _complaints(world, address, line, role)]
    assert not wrong, "\n".join(wrong)


def _complaints(world: World, address: Address, line: Line, role: str) -> list[str]:
    cell = line.cells[role]
    methods = ["GET", "POST"]
    if cell != "✓" and address.name.startswith("admin:"):
        methods = ["GET"]  # one door stands before all of them
    if role == Role.ADMINISTRATOR and not address.name.startswith("admin:") and address.name not in DJANGOS:
        methods += OTHER_METHODS
    found = []
    for path, is_others in world.paths(address):
        for method in methods:
            response, text = _ask(world, method, path, PAYLOADS.get(address.name, {}))
            said = _judge(address, line, cell, method, response, is_others=is_others)
            if not said and address.name not in SHOWS_IN_PLAIN:
                said = _leak(world, cell, role, text)
            if said:
                found.append(f"{method} {path} for {role} ({cell}): {response.status_code}, {said}")
    return found


def _ask(world: World, method: str, path: str, data: dict[str, str]) -> tuple[HttpResponseBase, str]:
    """The answer of the whole product, middleware included; whatever it changed is undone.

    Not the test client: it copies the context of every template, which takes longer than the pages.
    """
    ask = getattr(world.factory, method.lower())
    request = ask(path) if method == "GET" else ask(path, data)
    request._dont_enforce_csrf_checks = True
    request.META["HTTP_HX_REQUEST"] = "true" if path.endswith(PARTS) else "false"
    with transaction.atomic():
        response = world.handler.get_response(request)
        body = b"".join(response) if response.streaming else response.content
        transaction.set_rollback(True)
    return response, body.decode(errors="replace")


def _judge(
    address: Address, line: Line, cell: str, method: str, response: HttpResponseBase, *, is_others: bool
) -> str:
    """What is wrong with the status, in words; empty: nothing."""
    status, target = response.status_code, response.headers.get("Location", "")
    if part := response.headers.get("HX-Redirect", ""):
        status, target = 302, part
    if status >= 500:
        return "failed"
    turned_away = status == 302 and target.startswith(DOORS)
    if cell == "sign in":
        shut = turned_away or (status == 405 and method not in line.methods)
        return "" if shut else "should lead to the sign-in page"
    if cell == "–":
        closed_door = turned_away and address.name.startswith("admin:")
        unknown_method = status == 405 and method not in line.methods
        return "" if status == 403 or closed_door or unknown_method else "should be denied"
    if address.name.startswith("admin:"):
        return ""  # what an administrator may do with each model there is its own ModelAdmin's to say
    if turned_away and address.name not in DJANGOS:
        return "should be allowed"
    if method not in line.methods:
        return "" if status == 405 else f"should not answer {method}"
    if is_others and cell in LIMITED:
        return "" if status == NOT_THERE else "should be as if it did not exist"
    return _should_be_allowed(address, line, method, status)


def _should_be_allowed(address: Address, line: Line, method: str, status: int) -> str:
    refused = {403, 405} if method == "GET" or line.methods == {"POST"} else {405}
    if status in refused:
        return "should be allowed"
    if status == NOT_THERE and method == "GET" and address.name not in GONE:
        return "should be there"
    return ""


def _leak(world: World, cell: str, role: str, text: str) -> str:
    """What the answer tells that this cell must not, in words."""
    hidden = [*world.mine.plain(), *world.theirs.plain(), world.theirs.name]
    if cell != "own":
        hidden.append(world.mine.name)
    if cell in ("own", "team", "✓", "number"):
        hidden += [world.theirs.masked, world.theirs.number, world.theirs.complaint]
    if cell in ("✓", "number", "–", "sign in"):
        hidden += [world.mine.masked, world.mine.number, world.mine.complaint]
    if role != NOBODY and MASK_LEVELS["text"][Role(role)] is not MaskLevel.PLAIN:
        hidden += [world.mine.complaint, world.theirs.complaint]
    told = [value for value in hidden if value in text]
    return f"tells {', '.join(told)}" if told else ""
