"""Products as they are rated: the list, one product, the house rule."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import Http404, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from crm.runtime import clock
from crm.runtime.errors import CodedError, error_text
from crm.staff.four_eyes import inbox
from crm.staff.links import REQUESTS
from crm.staff.permissions import SEE_REQUESTS, allowed, may, require
from crm.staff.privacy.access_log import ReasonMissing
from crm.web.responses import StaffRequest, done, render_page
from members.portfolio.models import Product, ProductRisk, Rater
from members.portfolio.permissions import CHANGE_SUITABILITY, SEE_RATINGS
from members.portfolio.suitability.change import house_rule as change_rule
from members.portfolio.suitability.change import rating as change_rating
from members.portfolio.suitability.house_rule import VALUES, house_rule_on, latest_house_rule
from members.portfolio.suitability.pages.forms import HouseRuleForm, RatingForm, ReviewForm
from members.portfolio.suitability.ratings import history_of, rated_products
from members.portfolio.suitability.sentences.requests import RULE_LABELS, rule_value

SHOWN = 5


def submitted() -> str:
    """The notice after a request."""
    return _("Submitted for approval. Nothing changes until it is approved.")


def requests_of(request: StaffRequest, kind: str, now: datetime, **about: Any) -> dict[str, Any]:
    """The latest requests of a kind, for those who may see requests."""
    shown = None
    if may(request.user, SEE_REQUESTS):
        rows = inbox.visible(request.user).filter(kind=kind, **about).order_by("-made_at")[:SHOWN]
        shown = inbox.shown_all(rows, request.user, now)
    return {"requests": shown, "all_requests": REQUESTS.address(), "back": request.path}


@allowed(SEE_RATINGS)
@require_GET
def product_ratings(request: StaffRequest) -> HttpResponse:
    """Every product with the rating that counts, and those of manager and seller."""
    now = clock.now()
    context = {
        "rated": rated_products(clock.day_of(now)),
        "rule": house_rule_on(clock.day_of(now)),
        **requests_of(request, change_rating.KIND, now),
    }
    return render_page(request, "portfolio/ratings.html", context)


@allowed(SEE_RATINGS)
@require_http_methods(["GET", "HEAD", "POST"])
def product_rating(request: StaffRequest, product_id: int) -> HttpResponse:
    """One product: its ratings, a new one to be proposed, or put under review at once."""
    now = clock.now()
    product = Product.objects.filter(pk=product_id).first()
    if product is None:
        raise Http404
    form, review = RatingForm(clock.day_of(now)), ReviewForm()
    if request.method == "POST":
        require(request.user, CHANGE_SUITABILITY)
        if "review" in request.POST:
            review = ReviewForm(request.POST)
            answer = _review(request, review, product, now)
        else:
            form = RatingForm(clock.day_of(now), request.POST)
            answer = _propose(request, form, product, now)
        if answer is not None:
            return answer
    context = {
        "one": rated_products(clock.day_of(now), [product.pk])[0],
        "history": history_of(product),
        "form": form,
        "review": review,
        "may_change": may(request.user, CHANGE_SUITABILITY),
        **requests_of(request, change_rating.KIND, now, proposal__product=product.pk),
    }
    status = 422 if form.errors or review.errors else 200
    return render_page(request, "portfolio/rating.html", context, status=status)


def _review(request: StaffRequest, form: ReviewForm, product: Product, now: datetime) -> HttpResponse | None:
    if not form.is_valid():
        return None
    given = form.cleaned_data
    try:
        change_rating.put_under_review(
            product, Rater(given["rater"]), basis=given["basis"], staff=request.user, now=now
        )
    except CodedError as error:
        form.add_error(None, error_text(error))
        return None
    return done(request, request.path, _("Under review. The product is not put forward from now on."))


def _propose(request: StaffRequest, form: RatingForm, product: Product, now: datetime) -> HttpResponse | None:
    if not form.is_valid():
        return None
    given = form.cleaned_data
    asked = change_rating.ProposedRating(
        product,
        Rater(given["rater"]),
        ProductRisk(given["rating"]),
        given["basis"],
        given["effective_from"],
    )
    try:
        change_rating.propose(asked, reason=given["reason"], maker=request.user, now=now)
    except ReasonMissing as error:
        form.add_error("reason", error_text(error))
        return None
    except CodedError as error:
        form.add_error(None, error_text(error))
        return None
    return done(request, f"{request.path}#requests", submitted())


@allowed(SEE_RATINGS)
@require_http_methods(["GET", "HEAD", "POST"])
def house_rule(request: StaffRequest) -> HttpResponse:
    """The house rule of today beside the tables, and a stricter one to be proposed."""
    now = clock.now()
    today, latest = clock.day_of(now), latest_house_rule()
    form = HouseRuleForm(latest, today, request.POST if request.method == "POST" else None)
    if request.method == "POST":
        require(request.user, CHANGE_SUITABILITY)
        if form.is_valid():
            try:
                change_rule.propose(
                    form.values(),
                    effective_from=form.cleaned_data["effective_from"],
                    reason=form.cleaned_data["reason"],
                    maker=request.user,
                    now=now,
                )
            except ReasonMissing as error:
                form.add_error("reason", error_text(error))
            except CodedError as error:
                form.add_error(None, error_text(error))
            else:
                return done(request, f"{reverse('house-rule')}#requests", submitted())
    current = house_rule_on(today)
    context = {
        "current": current,
        "upcoming": latest if latest.number > current.number else None,
        "lines": [(RULE_LABELS[name], rule_value(name, current.values[name])) for name in VALUES],
        "form": form,
        "may_change": may(request.user, CHANGE_SUITABILITY),
        **requests_of(request, change_rule.KIND, now),
    }
    return render_page(request, "portfolio/house_rule.html", context, status=422 if form.errors else 200)
