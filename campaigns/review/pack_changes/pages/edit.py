"""Edit one rule, or the bases of one category, in the draft of a pack; test the rule before it is saved."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, TypedDict

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from campaigns.review.models import PackDraft, PackExample, RulePack
from campaigns.review.pack_changes import draft
from campaigns.review.pack_changes.compare import failed_examples
from campaigns.review.pack_changes.draft import BASES, RULES, RulesRefused
from campaigns.review.pack_changes.pages.forms import BasisForms, RuleForm, made_bases
from campaigns.review.pack_changes.sentences import category_label, expected
from campaigns.review.permissions import CHANGE_RULES, SEE_RULES
from campaigns.review.rules.effective import source_of
from crm.runtime import clock
from crm.runtime.errors import error_text
from crm.staff.models import Staff
from crm.staff.permissions import allowed, may, require
from crm.web.responses import StaffRequest, done, refused, render_page

MOST_FAILED = 20  # examples shown


@allowed(SEE_RULES)
@require_http_methods(["GET", "HEAD", "POST"])
def rule(request: StaffRequest, pack: str, code: str) -> HttpResponse:
    """One rule, as the draft has it where it is changed."""
    version, made = _open(pack)
    stored = version.rules.filter(code=code).first()
    changes = made.changes.get(RULES, {}) if made else {}
    entry = changes.get(code) or (stored.content if stored else None)
    if entry is None:
        raise Http404
    is_document = bool(stored and stored.is_document)
    form = RuleForm(entry, is_document=is_document, data=request.POST or None)
    page = _Rule(request, version, made, form, clock.now())
    page.context |= {"code": code, "entry": entry, "state": _state(code, stored is not None, changes)}
    return page.respond(code)


@allowed(SEE_RULES)
@require_http_methods(["GET", "HEAD", "POST"])
def new_rule(request: StaffRequest, pack: str) -> HttpResponse:
    """A rule that there is not yet."""
    version, made = _open(pack)
    form = RuleForm(None, is_document=False, data=request.POST or None)
    page = _Rule(request, version, made, form, clock.now())
    page.context |= {"code": "", "entry": None, "state": ""}
    return page.respond(None)


@allowed(SEE_RULES)
@require_http_methods(["GET", "HEAD", "POST"])
def bases(request: StaffRequest, pack: str, category: str) -> HttpResponse:
    """The laws behind a category, as the draft has them where they are changed."""
    version, made = _open(pack)
    stored = source_of(version).bases
    if category not in stored and not version.rules.filter(category=category).exists():
        raise Http404
    entries = (made.changes.get(BASES, {}) if made else {}).get(category, stored.get(category, ()))
    forms = BasisForms(request.POST or None, initial=[dict(one) for one in entries], prefix="basis")
    if request.method == "POST":
        require(request.user, CHANGE_RULES)
        if forms.is_valid():
            try:
                draft.save_bases(pack, category, made_bases(forms.forms), **_given(request, clock.now()))
            except RulesRefused as error:
                return refused(request, request.path, error_text(error))
            return done(request, _list(pack), _("Saved to the draft. Nothing changes until it is published."))
    context = {
        "pack": version,
        "draft": made,
        "category": category,
        "label": category_label(category),
        "forms": forms,
        "may_change": may(request.user, CHANGE_RULES),
        "back": _list(pack),
    }
    return render_page(request, "review/rules/bases.html", context, status=422 if forms.is_bound else 200)


class _Given(TypedDict):
    revision: int
    staff: Staff
    now: datetime


class _Rule:
    """The page of a rule: shown, tested, saved, removed, or taken back out of the draft."""

    def __init__(
        self,
        request: StaffRequest,
        version: RulePack,
        made: PackDraft | None,
        form: RuleForm,
        now: datetime,
    ) -> None:
        self.request, self.version, self.made, self.form, self.now = request, version, made, form, now
        self.context: dict[str, Any] = {
            "pack": version,
            "draft": made,
            "form": form,
            "may_change": may(request.user, CHANGE_RULES),
            "back": _list(version.name),
        }

    def respond(self, code: str | None) -> HttpResponse:
        if self.request.method != "POST":
            return self._show()
        require(self.request.user, CHANGE_RULES)
        try:
            return self._do(self.request.POST.get("do", ""), code)
        except RulesRefused as error:
            self.form.add_error(None, error_text(error))
            return self._show(422)

    def _do(self, deed: str, code: str | None) -> HttpResponse:
        given, pack = _given(self.request, self.now), self.version.name
        if deed == "reset" and code:
            draft.reset(pack, RULES, code, **given)
            return done(self.request, _list(pack), _("The change was taken out of the draft."))
        if deed == "remove" and code:
            draft.save_rule(pack, code, None, **given)
            return done(self.request, _list(pack), _("The draft removes this rule."))
        if not self.form.is_valid():
            return self._show(422)
        entry = self.form.made_entry()
        if deed == "test":
            return self._test(entry)
        draft.save_rule(pack, entry["id"], entry, is_new=code is None, **given)
        address = reverse("wording-rule", args=[pack, entry["id"]])
        return done(self.request, address, _("Saved to the draft. Nothing changes until it is published."))

    def _test(self, entry: Mapping[str, Any]) -> HttpResponse:
        """What the pack's examples give with the rule as it is entered. Stores nothing."""
        changes = dict(self.made.changes) if self.made else {}
        changes[RULES] = {**changes.get(RULES, {}), entry["id"]: dict(entry)}
        pack = draft.compiled_draft(self.version, changes, self.now)
        examples = list(PackExample.objects.filter(name=self.version.name).order_by("pk"))
        failed = failed_examples(examples, pack)
        self.context |= {
            "tested": len(examples),
            "failed": [
                (one.text, expected(one.category, one.severity), one.found) for one in failed[:MOST_FAILED]
            ],
            "failed_count": len(failed),
        }
        return self._show()

    def _show(self, status: int = 200) -> HttpResponse:
        return render_page(self.request, "review/rules/rule.html", self.context, status=status)


def _open(pack: str) -> tuple[RulePack, PackDraft | None]:
    try:
        return draft.latest_version(pack), draft.open_draft(pack)
    except RulesRefused as error:
        raise Http404 from error


def _list(pack: str) -> str:
    return f"{reverse('wording-rules')}?pack={pack}"


def _given(request: StaffRequest, now: datetime) -> _Given:
    """Who edits, when, and which revision of the draft they saw (0: none)."""
    seen = request.POST.get("revision", "")
    number = int(seen) if seen.isdecimal() and len(seen) < 9 else 0
    return {"revision": number, "staff": request.user, "now": now}


def _state(code: str, is_stored: bool, changes: Mapping[str, Any]) -> str:
    if code not in changes:
        return ""
    return "removed" if changes[code] is None else "changed" if is_stored else "new"
