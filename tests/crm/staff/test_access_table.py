"""Every address in every role, with every method, against the table written in docs/access.md."""

from __future__ import annotations

import logging
from collections import Counter
from dataclasses import dataclass
from itertools import chain

import pytest
from django.db import connection, transaction
from django.http import HttpResponseBase

from crm.staff.models import Role
from crm.staff.privacy.mask_levels import MASK_LEVELS, MaskLevel
from tests.crm.cast import NOW
from tests.crm.staff.access_deeds import DEEDS
from tests.crm.staff.access_table import NOBODY, Address, Line, addresses, line_of, lines, lines_of
from tests.crm.staff.access_world import World

OTHER_METHODS = ("PUT", "DELETE")
# Django's own forms take a PUT for a POST; their guards are the same.
DJANGOS = {"sign-in", "set-password", "password-change", "sign-out"}
PARTS = ("/timeline/",)  # asked for as htmx does: without it they lead on to the page they are a part of
# That is what they are for; their rows in the logs are tested where they are written.
SHOWS_IN_PLAIN = {"reveal", "rights-export", "rights-sealed"}
DOORS = ("/sign-in/", "/admin/login/")
ADMINISTRATION = "/admin/"
LIMITED = {"own", "team"}
DENIED, NOT_THERE, NOT_ANSWERED = 403, 404, 405
# Signing in and out is told of, and counted, whoever does it.
BESIDE = {"staff_session", "axes_accessattempt", "axes_accesslog", "axes_accessfailurelog"}
# As pg_stat_xact_user_tables counts, whose other columns would take as long as an answer.
_WRITTEN = """
SELECT relname, pg_stat_get_xact_tuples_inserted(oid) + pg_stat_get_xact_tuples_updated(oid)
    + pg_stat_get_xact_tuples_deleted(oid)
FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace
"""


@dataclass(frozen=True)
class Try:
    """One request to one address, and what came of it."""

    address: Address
    method: str
    cell: str  # of the line for this method; "" where the table has none
    is_others: bool
    response: HttpResponseBase
    text: str
    written: set[str]  # tables

    @property
    def target(self) -> str:
        return self.response.headers.get("HX-Redirect", "") or self.response.headers.get("Location", "")

    @property
    def is_turned_away(self) -> bool:
        return bool(self.target) and (self.target.startswith(DOORS) or self.target == ADMINISTRATION)


@pytest.fixture(autouse=True)
def _quiet_clock(settings, tmp_path):
    """Time stands still, and a thousand refusals are not written down."""
    settings.BUSINESS_NOW, settings.VAR_DIR = NOW.isoformat(), tmp_path
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


@pytest.fixture(scope="module")
def table() -> list[Line]:
    return lines()


def test_every_address_has_a_line_and_every_line_an_address(table):
    names = {address.name for address in addresses()}
    assert [name for name in sorted(names) if not lines_of(name, table)] == []
    assert [line.name for line in table if not any(lines_of(name, [line]) for name in names)] == []


def test_no_right_is_told_twice(table):
    told = Counter((line.name, method) for line in table for method in line.methods)
    assert [right for right, times in told.items() if times > 1] == []


def test_every_post_that_the_table_allows_is_tried_with_something_to_do(table):
    posts = {line.name for line in table if "POST" in line.methods and not line.name.startswith("admin:")}
    assert posts == DEEDS.keys()


@pytest.mark.slow(3)
@pytest.mark.django_db
@pytest.mark.parametrize("role", [*Role.values, NOBODY])
def test_the_table_holds(role, table, tmp_path):
    world = World(role, tmp_path)
    wrong = chain.from_iterable(_complaints(world, address, table, role) for address in addresses())
    assert not (found := list(wrong)), "\n".join(found)


@pytest.mark.django_db
@pytest.mark.parametrize("role", [Role.ADMINISTRATOR, Role.TEAM_LEAD, Role.COMPLIANCE])
def test_what_a_form_does_is_not_done_by_an_address(role, tmp_path):
    """Else a link would do it, without the form's token."""
    world, done = World(role, tmp_path), []
    for address in addresses():
        for path, is_others in world.paths(address) if address.name in DEEDS else ():
            with transaction.atomic():
                form = DEEDS[address.name].form(world, is_others)
                before = _writes()
                world.handler.get_response(world.factory.get(path, form))
                done += [(path, table) for table in _written_since(before) - BESIDE]
                transaction.set_rollback(True)
    assert done == []


def _complaints(world: World, address: Address, table: list[Line], role: str) -> list[str]:
    found = []
    for path, is_others in world.paths(address):
        for method in _methods(address, table, role):
            tried = _try(world, address, method, path, table, role, is_others=is_others)
            said = _judge(tried)
            if not said and address.name not in SHOWS_IN_PLAIN:
                said = _leak(world, tried.cell, role, tried.text)
            if said:
                status = tried.response.status_code
                found.append(f"{address.name}: {method} {path} for {role} ({tried.cell}): {status}, {said}")
    return found


def _methods(address: Address, table: list[Line], role: str) -> list[str]:
    of_admin = address.name.startswith("admin:")
    if of_admin and lines_of(address.name, table)[0].cells[role] != "✓":
        return ["GET"]  # one door stands before all of them
    others = role == Role.ADMINISTRATOR and not of_admin and address.name not in DJANGOS
    return ["GET", "POST", *(OTHER_METHODS if others else ())]


def _try(
    world: World, address: Address, method: str, path: str, table: list[Line], role: str, *, is_others: bool
) -> Try:
    """The answer of the whole product, middleware included; whatever it changed is undone.

    Not the test client: it copies the context of every template, which takes longer than the pages.
    """
    line = line_of(address.name, table, method)
    form = DEEDS[address.name].form(world, is_others) if method == "POST" and address.name in DEEDS else {}
    ask = getattr(world.factory, method.lower())
    request = ask(path) if method == "GET" else ask(path, form)
    request._dont_enforce_csrf_checks = True
    request.META["HTTP_HX_REQUEST"] = "true" if path.endswith(PARTS) else "false"
    with transaction.atomic():
        before = _writes()
        response = world.handler.get_response(request)
        body = b"".join(response) if response.streaming else response.content
        written = _written_since(before)
        transaction.set_rollback(True)
    text = body.decode(errors="replace")
    return Try(address, method, line.cells[role] if line else "", is_others, response, text, written)


def _writes() -> dict[str, int]:
    """How many rows of each table this transaction has written until now."""
    with connection.cursor() as cursor:
        cursor.execute(_WRITTEN)
        return dict(cursor.fetchall())


def _written_since(before: dict[str, int]) -> set[str]:
    return {table for table, times in _writes().items() if times > before.get(table, 0)}


def _judge(tried: Try) -> str:
    """What is wrong, in words; empty: nothing."""
    name, status = tried.address.name, tried.response.status_code
    if status >= 500:
        return "failed"
    if tried.cell in ("", "–", "sign in") or (tried.is_others and tried.cell in LIMITED):
        return _judge_refusal(tried)
    if name.startswith("admin:"):
        return ""  # what an administrator may do with each model there is its own ModelAdmin's to say
    if (tried.is_turned_away and name not in DJANGOS) or status in (DENIED, NOT_THERE, NOT_ANSWERED):
        return "should be allowed"
    if tried.method == "GET":
        return f"a GET writes {tried.written - BESIDE}" if tried.written - BESIDE else ""
    deed = DEEDS[name]
    if status >= 400:
        return "should be done"
    return "" if not deed.writes or deed.writes in tried.written else f"writes no {deed.writes}"


def _judge_refusal(tried: Try) -> str:
    status = tried.response.status_code
    if tried.written - BESIDE:
        return f"writes {tried.written - BESIDE}"
    if tried.cell == "":
        return "" if status in (DENIED, NOT_ANSWERED) or tried.is_turned_away else "should not be answered"
    if tried.cell == "sign in":
        return "" if tried.is_turned_away else "should lead to the sign-in page"
    if tried.cell == "–":
        closed = tried.is_turned_away and tried.address.name.startswith("admin:")
        unseen = tried.is_others and status == NOT_THERE
        return "" if status == DENIED or closed or unseen else "should be denied"
    return "" if status == NOT_THERE else "should be as if it did not exist"


def _leak(world: World, cell: str, role: str, text: str) -> str:
    """What the answer tells that this cell must not, in words."""
    hidden = [*world.mine.plain(), *world.theirs.plain(), world.theirs.name]
    if cell != "own":
        hidden.append(world.mine.name)
    if cell in ("own", "team", "✓", "number"):
        hidden += [world.theirs.masked, world.theirs.number, world.theirs.complaint]
    if cell in ("✓", "number", "–", "sign in", ""):
        hidden += [world.mine.masked, world.mine.number, world.mine.complaint]
    if role != NOBODY and MASK_LEVELS["text"][Role(role)] is not MaskLevel.PLAIN:
        hidden += [world.mine.complaint, world.theirs.complaint]
    told = [value for value in hidden if value in text]
    return f"tells {', '.join(told)}" if told else ""
