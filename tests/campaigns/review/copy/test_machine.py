"""Whatever makers, officers, a superuser and direct SQL try: what may be sent was approved by the rules."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.db import connection, transaction
from hypothesis import given
from hypothesis import strategies as st

from campaigns.review.copy import approved, decide, exceptions, lapse, withdraw, write
from campaigns.review.copy.check import check_version
from campaigns.review.copy.errors import CopyRefused
from campaigns.review.copy.rendering.samples import sample_version
from campaigns.review.copy.submit import justify, submit
from campaigns.review.models import CopyFinding, CopyVersion, Opinion
from crm.staff.four_eyes import requests
from crm.staff.models import Request, Role, Staff
from crm.staff.permissions import NotAllowed
from tests.campaigns.review.copy.cheats import CHEATS, refuse
from tests.campaigns.review.copy.town import CLEAN, SMS, WARNED, copy_of
from tests.crm.cast import NOW, staff_of
from tests.harness.examples import examples

pytestmark = pytest.mark.django_db
BODIES = [SMS + CLEAN, SMS + WARNED, SMS + "本金有保障，点击了解。回复T退订", SMS + "业绩优良。回复T退订"]
STEPS = st.lists(
    st.tuples(
        st.sampled_from(
            ["edit", "check", "answer", "sample", "submit", "accept", "ask", "grant", "return", "reject"]
            + ["withdraw", "lapse", "wait", "next", "next"]
            + 2 * ["through", "clear", "approve", "cheat"]
        ),
        st.integers(0, 5),
        st.integers(0, 59),
    ),
    min_size=20,
    max_size=40,
)
OFFICERS = {"clear", "approve", "return", "reject", "ask"}
STEP_OF = {
    "draft": {"draft", "checked", "submitted", "withdrawn"},  # a compound step may take several at once
    "checked": {"draft", "checked", "submitted", "withdrawn"},
    "submitted": {"submitted", "approved", "returned", "rejected", "withdrawn"},
    "approved": {"approved", "withdrawn"},
    "returned": {"returned", "withdrawn"},
    "rejected": {"rejected"},
    "withdrawn": {"withdrawn"},
}


class World:
    """Six people, one copy, and what was last seen of it."""

    def __init__(self) -> None:
        boss = staff_of(Role.ADMINISTRATOR)
        boss.is_superuser = True
        boss.save()
        self.people = [
            staff_of(Role.OPERATIONS), staff_of(Role.TEAM_LEAD), boss,
            staff_of(Role.COMPLIANCE), staff_of(Role.COMPLIANCE), staff_of(Role.RELATIONSHIP_MANAGER),
        ]  # fmt: skip
        self.copy = copy_of(self.people[0])
        self.now = NOW
        self.states: dict[int, str] = {}
        self.content: dict[int, tuple] = {}
        self.opinions: dict[int, tuple] = {}

    def person(self, verb: str, who: int, number: int) -> Staff:
        """Usually somebody whose work it is, so that all states are reached; sometimes anybody."""
        if number >= 50 or verb in ("cheat", "accept", "grant"):
            return self.people[who]
        return self.people[3 + who % 2] if verb in OFFICERS else self.people[who % 3]

    def latest(self) -> CopyVersion:
        return CopyVersion.objects.latest("pk")


@pytest.mark.slow(4)
@examples(4)
@given(STEPS)
def test_nothing_gets_out_that_was_not_approved_by_somebody_else(steps):
    with transaction.atomic():
        world = World()
        write.create_version(
            world.copy, write.Text("sms", "zh", BODIES[1]), maker=world.people[0], now=world.now
        )
        for verb, who, number in steps:
            world.now += timedelta(seconds=1)
            try:
                with transaction.atomic():
                    take(world, verb, world.person(verb, who, number), number)
            except (CopyRefused, NotAllowed, requests.CannotDecide, requests.AlreadyProposed):
                pass
            check_laws(world)
        transaction.set_rollback(True)


def take(world: World, verb: str, who: Staff, number: int) -> None:
    version, now = world.latest(), world.now
    text = write.Text("sms", "zh", BODIES[number % len(BODIES)])
    opinion = {"template_hash": version.template_hash, "officer": who, "reason": "as stated", "now": now}
    findings = list(version.findings.order_by("pk"))
    match verb:
        case "edit":
            write.edit_version(version.pk, text, revision=version.revision, editor=who, now=now)
        case "check":
            check_version(version.pk, staff=who, now=now)
        case "answer":
            answer(version, who, now)
        case "sample":
            sample_version(version.pk, staff=who, now=now)
        case "submit":
            submit(version.pk, staff=who, now=now)
        case "through":  # all that a maker does, so that reviews are reached often
            check_version(version.pk, staff=who, now=now)
            answer(version, who, now)
            sample_version(version.pk, staff=who, now=now)
            submit(version.pk, staff=who, now=now)
        case "accept" if findings:
            decide.accept(findings[number % len(findings)].pk, officer=who, now=now)
        case "ask" if findings:
            exceptions.ask(findings[number % len(findings)].pk, officer=who, reason="quoted", now=now)
        case "grant":
            pending = Request.objects.filter(kind=exceptions.KIND, state="pending").first()
            if pending:
                requests.approve(request_id=pending.pk, checker=who, opinion="agreed", now=now)
        case "clear":
            clear(world, version, who)
        case "approve":
            decide.approve(version.pk, days=1 + number, **opinion)
        case "return":
            decide.return_to_maker(version.pk, **opinion)
        case "reject" if number % 3 == 0:
            decide.reject(version.pk, **opinion)
        case "withdraw" if number % 3 == 0:
            withdraw.withdraw(version.pk, staff=who, reason="out of date", now=now)
        case "lapse":
            lapse.record_lapses(now)
        case "next":
            write.next_version(version, maker=who, now=now)
        case "wait":
            world.now += timedelta(days=number)
        case "cheat":
            cheat(version, who, number, now)


def answer(version: CopyVersion, who: Staff, now) -> None:
    for finding in CopyFinding.objects.filter(version=version):
        justify(finding.pk, "it is a fact", staff=who, now=now)


def clear(world: World, version: CopyVersion, who: Staff) -> None:
    """An officer accepts what can be accepted and has the other one grant the rest."""
    other = next(one for one in world.people[3:5] if one != who)
    for finding in CopyFinding.objects.filter(version=version, exception=None):
        if finding.severity == "warn":
            decide.accept(finding.pk, officer=who, now=world.now)
        else:
            asked = exceptions.ask(finding.pk, officer=who, reason="quoted", now=world.now)
            requests.approve(request_id=asked.pk, checker=other, opinion="agreed", now=world.now)


def cheat(version: CopyVersion, who: Staff, number: int, now) -> None:
    """One statement past all verbs."""
    refuse(CHEATS[number % len(CHEATS)], version, who, now)


def check_laws(world: World) -> None:
    versions = list(CopyVersion.objects.select_related("checker"))
    for version in versions:
        before = world.states.get(version.pk, "draft")
        assert version.state in STEP_OF[before], (before, version.state)
        world.states[version.pk] = version.state
        content = (version.subject, version.body, version.variables, version.template_hash, version.maker_id)
        if version.submitted_at:
            assert world.content.setdefault(version.pk, content) == content
        if version.state == "approved":
            check_approval(version)
    for opinion in Opinion.objects.all():
        row = (opinion.version_id, opinion.decision, opinion.by_id, opinion.at, opinion.template_hash)
        assert world.opinions.setdefault(opinion.pk, row) == row
    assert Opinion.objects.count() == len(world.opinions)
    assert sendable(world) == {
        one.pk for one in versions
        if one.state == "approved" and not one.lapsed_at and one.decided_at <= world.now < one.expires_at
    }  # fmt: skip


def check_approval(version: CopyVersion) -> None:
    """Approved by an officer who did not write, each finding accepted by them or excepted by another."""
    opinion = version.opinions.get(decision="approved")
    assert opinion.template_hash == version.template_hash
    assert version.checker_id == opinion.by_id
    assert version.checker.role == Role.COMPLIANCE
    assert version.checker_id not in {version.maker_id, version.last_editor_id, *version.editors}
    for finding in version.findings.select_related("exception"):
        if exception := getattr(finding, "exception", None):
            assert len({exception.asked_by_id, exception.granted_by_id}) == 2
            assert exception.granted_by_id not in {version.checker_id, *version.editors}
        else:
            assert finding.severity == "warn"
            assert finding.justification
            assert finding.accepted_by_id == version.checker_id


def sendable(world: World) -> set[int]:
    with connection.cursor() as cursor:
        cursor.execute(approved.approved_sql(), {"now": world.now})
        return {row[0] for row in cursor.fetchall()}
