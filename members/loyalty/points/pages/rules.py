"""The earn rules: what applies, what was granted, and proposing another version with its preview."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from crm.runtime import clock
from crm.runtime.errors import error_text
from crm.staff.four_eyes import inbox
from crm.staff.four_eyes.requests import AlreadyProposed
from crm.staff.models import Staff
from crm.staff.permissions import SEE_REQUESTS, allowed, may, require
from crm.staff.privacy.access_log import ReasonMissing
from crm.web.responses import StaffRequest, done, render_page
from members.loyalty.main_programme import of_main_programme
from members.loyalty.models import EarnRule, EarnRuleVersion, EarnTally, Programme, Tier
from members.loyalty.permissions import CONFIGURE_POINTS, SEE_LOYALTY_SETTINGS
from members.loyalty.points.configuration import budget, earn_rules
from members.loyalty.points.configuration.earn_rule_draft import EarnRuleDraft, check
from members.loyalty.points.configuration.refusals import ChangeRefused
from members.loyalty.points.earning.preview import Preview, preview
from members.loyalty.points.pages.rule_form import RuleForm
from members.loyalty.points.sentences.requests import rule_in_words
from members.loyalty.points.sentences.rules import version_lines
from members.rules.catalogue.activities import Activity, activities
from members.rules.language.errors import BadRules

SHOWN = 10  # requests


@dataclass(frozen=True)
class ShownRule:
    """A rule with the version in force (or to come) in words, and what became of its budget."""

    rule: EarnRule
    version: EarnRuleVersion
    upcoming: bool
    what: str
    lines: Sequence[tuple[str, str]]
    tally: EarnTally | None


@allowed(SEE_LOYALTY_SETTINGS)
@require_http_methods(["GET", "HEAD"])
@of_main_programme
def rules_page(request: StaffRequest, programme: Programme) -> HttpResponse:
    """All rules of the main programme, and the requests that would change them."""
    now = clock.now()
    context = {
        "rules": shown_rules(programme, now),
        "choices": _choices(request.user) if may(request.user, CONFIGURE_POINTS) else (),
        "requests": _requests(request.user, now) if may(request.user, SEE_REQUESTS) else None,
        "back": f"{reverse('points-rules')}#requests",
    }
    return render_page(request, "loyalty/points/rules.html", context)


@allowed(CONFIGURE_POINTS)
@require_http_methods(["GET", "HEAD", "POST"])
@of_main_programme
def rule_page(request: StaffRequest, programme: Programme) -> HttpResponse:
    """Propose a version: of the rule ?rule=CODE, or of a new one about ?activity=NAME."""
    now = clock.now()
    code = request.GET.get("rule", "")
    latest = earn_rules.latest_version(programme.pk, code) if code else None
    if code and latest is None:
        raise Http404
    activity = activities.get(latest.activity if latest else request.GET.get("activity", ""))
    if activity is None:
        raise Http404
    form = _form(programme, activity, latest, now, request.POST if request.method == "POST" else None)
    found: Preview | None = None
    if request.method == "POST":
        require(request.user, CONFIGURE_POINTS)
        if form.is_valid():
            try:
                check(form.draft(), programme.pk, request.user)
                found = preview(programme.pk, form.draft(), now=now)
                if "propose" in request.POST:
                    return _propose(request, programme, form, found, now)
            except ReasonMissing as error:
                form.add_error("reason", error_text(error))
            except BadRules as error:
                form.add_error(None, str(error))
            except (ChangeRefused, AlreadyProposed) as error:
                form.add_error(None, error_text(error))
    context = {"form": form, "activity": activity, "latest": latest, "preview": found}
    status = 422 if form.errors else 200
    return render_page(request, "loyalty/points/rule.html", context, status=status)


def _propose(
    request: StaffRequest, programme: Programme, form: RuleForm, found: Preview, now: datetime
) -> HttpResponse:
    given = form.cleaned_data
    earn_rules.propose(
        programme,
        given["code"],
        form.draft(),
        name=given["name"],
        name_en=given["name_en"],
        effective_from=form.effective_from(),
        reason=given["reason"],
        maker=request.user,
        now=now,
        preview=found.as_json(),
    )
    words = _("Submitted for approval. Nothing changes until it is approved.")
    return done(request, f"{reverse('points-rules')}#requests", words)


def _form(
    programme: Programme,
    activity: Activity,
    latest: EarnRuleVersion | None,
    now: datetime,
    data: object,
) -> RuleForm:
    tiers = list(Tier.objects.filter(programme=programme).order_by("rank"))
    today = clock.day_of(now)
    if latest is None:
        return RuleForm(activity, tiers, today, data)
    names = {name: getattr(latest.rule, name) for name in ("code", "name", "name_en")}
    return RuleForm(activity, tiers, today, data, start=EarnRuleDraft.of(latest), names=names)


def shown_rules(programme: Programme, now: datetime) -> list[ShownRule]:
    """The rules in the order of their names, each with its version in force, else the first to come."""
    rules = EarnRule.objects.filter(programme=programme).prefetch_related("versions").order_by("code")
    tallies = {one.rule_id: one for one in EarnTally.objects.filter(rule__programme=programme)}
    tiers = {tier.code: tier.local_name for tier in Tier.objects.filter(programme=programme)}
    shown = []
    for rule in rules:
        versions = sorted(rule.versions.all(), key=lambda one: one.effective_from)
        begun = [one for one in versions if one.effective_from <= now]
        version = begun[-1] if begun else versions[0]
        what = rule_in_words({"did": version.activity, "where": version.where})
        lines = version_lines(version, tiers)
        shown.append(ShownRule(rule, version, not begun, what, lines, tallies.get(rule.pk)))
    return shown


def _choices(staff: Staff) -> list[Activity]:
    return [
        one for one in activities.values() if one.is_plain_to(staff) and one.table != "loyalty_pointsentry"
    ]


def _requests(staff: Staff, now: datetime) -> list[inbox.ShownRequest]:
    rows = inbox.visible(staff).filter(kind__in=(earn_rules.KIND, budget.KIND)).order_by("-made_at")[:SHOWN]
    return inbox.shown_all(rows, staff, now)
