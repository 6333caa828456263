"""One town for all browser tests: a small demonstration world, with something to see on every page."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

from django.contrib.contenttypes.models import ContentType
from django.core.files.uploadedfile import SimpleUploadedFile

from campaigns.delivery.models import Message
from campaigns.review.copy.evidence import attach
from crm.demo.build import build
from crm.directory.models import SavedView
from crm.imports.loading.load import import_file
from crm.imports.models import ImportRun, Reject
from crm.runtime.background import jobs
from crm.staff.models import Reveal, Staff, Team
from members.lifecycle.models import Transition
from members.lifecycle.policy import change as policy
from members.lifecycle.policy import trial
from members.loyalty.models import Benefit, Incentive, Tier
from members.portfolio.models import Category, Product
from members.profiles.consent.unsubscribe import unsubscribe_address
from members.profiles.models import Book, ContactChannel, Member
from members.segments.models import Kind, Segment
from tests.campaigns.review.copy.access import CODE, PDF, checked_version
from tests.campaigns.review.rules.town import RULE, draft_of_rules
from tests.crm.cast import browser_of
from tests.crm.imports.sending import sent
from tests.members.loyalty.benefits.town import benefit, programme

TODAY = date(2026, 3, 18)
NOW = datetime(2026, 3, 18, 12, tzinfo=timezone(timedelta(hours=8)))
MEMBERS = 450
BAD_FILE = """member_id,name,mobile,email
T1,张小明,138123456789,zhang@example.com
T2,李红,13812345678,not-an-address
"""
# One member of staff for each role of the demonstration's cast.
WHO = {
    "relationship_manager": "rm1",
    "team_lead": "lead1",
    "customer_service": "service1",
    "compliance": "compliance1",
    "operations": "operations1",
    "administrator": "admin",
    "analyst": "analyst",
}


@dataclass(frozen=True)
class Resident:
    """A member of somebody's book, as tests ask for them."""

    id: int
    name: str


@dataclass
class Town:
    """What the tests need to know of the rows; `examples` has a value for whatever varies in an address."""

    folder: Path  # with what the product keeps in files in "var"
    examples: dict[str, object] = field(default_factory=dict)
    book: list[Resident] = field(default_factory=list)  # rm1's
    moved: Resident = field(default_factory=lambda: Resident(0, ""))  # of rm1's book, with a transition
    url: str = ""  # where a process serves it

    def session_of(self, username: str, language: str) -> str:
        """The key of a new session of this person, who reads this language."""
        Staff.objects.filter(username=username).update(language=language)
        return browser_of(Staff.objects.get(username=username)).cookies["sessionid"].value


def found(folder: Path) -> Town:
    """Build the town as the product's own import, staging and pages leave it."""
    (folder / "var").mkdir()
    build(folder, now=NOW, today=TODAY, members=MEMBERS, say=lambda words: None)
    town = Town(folder)
    books = Book.objects.filter(staff__username="rm1", ended_at=None).select_related("member")
    town.book = [Resident(book.member_id, book.member.name) for book in books.order_by("member_id")]
    moves = Transition.objects.filter(member_id__in=[one.id for one in town.book]).exclude(from_stage=None)
    newest = moves.order_by("-effective_at").values_list("member_id", flat=True)[0]
    town.moved = next(one for one in town.book if one.id == newest)
    town.examples = {"member_id": town.moved.id} | _office() | _imports(folder) | _copy() | _rest()
    return town


def _office() -> dict[str, object]:
    """Requests to decide, reveals on record, a saved view, a run of a job."""
    admin, manager = Staff.objects.get(username="admin"), Staff.objects.get(username="rm1")
    member_id = Book.objects.filter(staff=manager, ended_at=None).values_list("member_id", flat=True)[0]
    for reason in ("called about a card", "asked for a meeting"):
        Reveal.objects.create(staff=manager, member_id=member_id, field="mobile", reason=reason, at=NOW)
    values, since = {"stalled_days": 45}, NOW + timedelta(days=7)
    maker = Staff.objects.get(username="operations1")
    tried = trial.request_trial(values, effective_from=since, staff=maker, now=NOW)
    trial.run_if_few_members(tried, NOW)
    request = policy.propose(
        values, effective_from=since, reason="spring campaign", maker=maker, trial=tried.pk, now=NOW
    )
    other = trial.request_trial(
        {"idle_days": 45}, effective_from=since, staff=maker, now=NOW
    )  # that nobody proposed
    trial.run_if_few_members(other, NOW)
    view = SavedView.objects.create(owner=admin, name="Fading", query={"stage": "decline"})
    with jobs.record("restage members", now=NOW) as job:
        job.advance(3, 3)
    return {
        "staff_id": manager.pk,
        "team_id": Team.objects.get(name="上海一部").pk,
        "request_id": request.pk,
        "trial_id": tried.pk,
        "other_trial_id": other.pk,
        "view_id": view.pk,
    }


def _benefit() -> Benefit:
    """A benefit that every tier has, as two people agreed on it."""
    quotas = {tier.code: 3 for tier in programme().tiers.all()}
    return benefit("concierge", quotas=quotas, name="礼宾服务", name_en="Concierge", now=NOW)


def _imports(folder: Path) -> dict[str, object]:
    """A file with its columns to be matched, and a run that left rejects."""
    path = folder / "bad.csv"
    path.write_text(BAD_FILE, encoding="utf-8")
    import_file("members", path, source="town", now=NOW)
    run = ImportRun.objects.latest("pk")
    upload = sent(browser_of(Staff.objects.get(username="operations1")), "members", BAD_FILE, source="web")
    return {
        "run_id": run.pk,
        "reject_id": Reject.objects.filter(run=run)[0].pk,
        "upload_id": upload.pk,
    }


def _copy() -> dict[str, object]:
    """A checked version with a file, a draft of wording rules, a message of the demonstration."""
    version = checked_version()
    report = SimpleUploadedFile("report.pdf", PDF)
    message = Message.objects.latest("id")
    return {
        "copy_code": CODE,
        "version_id": version.pk,
        "evidence_id": attach(version.pk, report, staff=version.maker, now=NOW).pk,
        "pack": draft_of_rules(Staff.objects.get(username="compliance1")),
        "category": "guarantee",
        "wording_code": RULE["id"],
        "message_id": message.id,
        "messaged_id": message.member_id,
    }


def _unsubscribe_token() -> str:
    return unsubscribe_address(Member.objects.order_by("pk")[0].pk, ContactChannel.EMAIL).split("/")[-2]


def _rest() -> dict[str, object]:
    category = Category.objects.order_by("pk")[0]
    low, high = Tier.objects.filter(programme__is_main=True).order_by("rank")[:2]
    return {
        "low_tier": low.pk,
        "incentive_code": Incentive.objects.order_by("pk")[0].code,
        "high_tier": high.pk,
        "benefit_id": _benefit().pk,
        "product_id": Product.objects.order_by("pk")[0].pk,
        "code": "cost_per_registration",
        "part": "denominator",
        "kind_name": "members",
        "number": 1,
        "step": 1,
        "uidb64": "MQ",
        "token": "no-token",
        "unsubscribe_token": _unsubscribe_token(),
        "segment_id": Segment.objects.filter(kind=Kind.LIST).order_by("pk")[0].pk,
        "object_id": category.pk,
        "content_type_id": ContentType.objects.get_for_model(Category).pk,
    }
