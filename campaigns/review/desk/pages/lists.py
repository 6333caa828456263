"""The desk's lists: queue, approved, ending soon, lapsed, exceptions, opinions."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET

from campaigns.review.copy import exceptions
from campaigns.review.desk import lists
from campaigns.review.desk.pages.frame import render_desk
from campaigns.review.desk.sentences.pages import queue_text, version_list_texts
from campaigns.review.models import CopyChannel, Decision, LapseReason
from campaigns.review.permissions import REVIEW_COPY
from crm.runtime import clock
from crm.staff.four_eyes import inbox
from crm.staff.models import Request, RequestState
from crm.staff.permissions import allowed
from crm.web.lists.paging import page_of
from crm.web.lists.query_form import QueryForm
from crm.web.responses import StaffRequest


class Query(QueryForm):
    """What the lists can be narrowed by."""

    channel = forms.ChoiceField(choices=[("", ""), *CopyChannel.choices], required=False)
    decision = forms.ChoiceField(choices=[("", ""), *Decision.choices], required=False)
    reason = forms.ChoiceField(choices=[("", ""), *LapseReason.choices], required=False)
    month = forms.DateField(input_formats=["%Y-%m"], required=False)
    rule = forms.CharField(max_length=80, required=False)
    after = forms.CharField(required=False)


@allowed(REVIEW_COPY)
@require_GET
def queue(request: StaffRequest) -> HttpResponse:
    """The submitted versions by deadline, with who works on them."""
    now, asked = clock.now(), Query.read(request.GET)
    rows = lists.queue(rule=asked["rule"], channel=asked["channel"])
    page = page_of(lists.with_findings(rows), lists.BY_DEADLINE, asked["after"])
    found = lists.waiting(page.rows, request.user, now)
    context = {
        "items": found,
        "page": page,
        "asked": asked,
        "answer": queue_text(found, now),
        "channels": CopyChannel.choices,
        "address": reverse("review-queue"),
    }
    return render_desk(request, "review/desk/queue.html", context, now=now)


@allowed(REVIEW_COPY)
@require_GET
def approved(request: StaffRequest) -> HttpResponse:
    """What is approved, the approval that ends first first."""
    now, asked = clock.now(), Query.read(request.GET)
    page = page_of(lists.approved(now), lists.BY_END, asked["after"])
    return _versions(request, page, "approved", now)


@allowed(REVIEW_COPY)
@require_GET
def ending(request: StaffRequest) -> HttpResponse:
    """Approvals that end within two weeks."""
    now, asked = clock.now(), Query.read(request.GET)
    page = page_of(lists.ending_soon(now), lists.BY_END, asked["after"])
    return _versions(request, page, "ending", now)


@allowed(REVIEW_COPY)
@require_GET
def lapsed(request: StaffRequest) -> HttpResponse:
    """Approvals that ended by themselves, and why."""
    now, asked = clock.now(), Query.read(request.GET)
    rows = lists.lapsed(month=asked["month"], reason=asked["reason"])
    page = page_of(rows, lists.LAST_LAPSED, asked["after"])
    return _versions(request, page, "lapsed", now, asked=asked, reasons=LapseReason.choices)


def _versions(request: StaffRequest, page: Any, kind: str, now: Any, **context: Any) -> HttpResponse:
    heading, empty = version_list_texts()[kind]
    values = {
        "page": page,
        "heading": heading,
        "empty": empty,
        "address": reverse(f"review-{kind}"),
        **context,
    }
    return render_desk(request, "review/desk/versions.html", values, now=now)


@allowed(REVIEW_COPY)
@require_GET
def opinions(request: StaffRequest) -> HttpResponse:
    """The archive of opinions, newest first."""
    now, asked = clock.now(), Query.read(request.GET)
    rows = lists.opinions(month=asked["month"], decision=asked["decision"], rule=asked["rule"])
    context = {
        "page": page_of(rows, lists.LATEST, asked["after"]),
        "asked": asked,
        "decisions": Decision.choices,
        "is_all": not (asked["month"] or asked["decision"] or asked["rule"]),
        "address": reverse("review-opinions"),
    }
    return render_desk(request, "review/desk/opinions.html", context, now=now)


@allowed(REVIEW_COPY)
@require_GET
def exception_list(request: StaffRequest) -> HttpResponse:
    """Requests for exceptions that wait for a second officer, and those that were granted."""
    now, asked = clock.now(), Query.read(request.GET)
    pending = Request.objects.filter(kind=exceptions.KIND, state=RequestState.PENDING, expires_at__gt=now)
    waiting = list(pending.select_related("maker", "checker").order_by("made_at"))
    rows = lists.exceptions(month=asked["month"], rule=asked["rule"])
    context = {
        "requests": inbox.shown_all(waiting, request.user, now),
        "page": page_of(rows, lists.LAST_GRANTED, asked["after"]),
        "asked": asked,
        "address": reverse("review-exceptions"),
        "back": reverse("review-exceptions"),
    }
    return render_desk(request, "review/desk/exceptions.html", context, now=now)
