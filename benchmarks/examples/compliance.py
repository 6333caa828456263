"""How the pages of consent, contacts, rights, questionnaires and suitability are opened."""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks import crowd
from benchmarks.examples.world import (
    ADMIN,
    COMPLIANCE,
    LEAD,
    MANY,
    NOBODY,
    OPERATIONS,
    RM,
    SERVICE,
    WORK,
    Asked,
    Examples,
    World,
    at,
    of_own,
    plain,
)
from members.portfolio.models import Product
from members.profiles.consent.unsubscribe import unsubscribe_address
from members.profiles.models import (
    ContactChannel,
    Erasure,
    QuestionnaireLink,
    RightsRequest,
    RightsState,
    Suppression,
)
from members.profiles.questionnaires.answer import LinkState, open_link
from members.profiles.questionnaires.links import token_of

LISTING = (SERVICE, COMPLIANCE, OPERATIONS)
SETTING = (COMPLIANCE, OPERATIONS, ADMIN)
RIGHTS = (SERVICE, COMPLIANCE)


def _unsubscribe(world: World) -> Iterator[Asked]:
    pages = [unsubscribe_address(one.pk, ContactChannel.SMS) for one in world.any]
    yield Asked("unsubscribe/", (NOBODY,), pages)


def _questionnaire(world: World) -> Iterator[Asked]:
    """Links that wait for an answer, and the results of those that got one."""
    waiting = QuestionnaireLink.objects.filter(expires_at__gt=crowd.NOW).order_by("-created_at")
    texts = [token_of(one) for one in waiting[:MANY]]
    states = (LinkState.OPEN, LinkState.ANSWERED)
    pages = [at("questionnaire-answer", text) for text in texts if open_link(text, crowd.NOW).state in states]
    yield Asked("questionnaire/", (NOBODY,), pages)


def _suppression(world: World) -> Iterator[Asked]:
    yield Asked("suppression/", LISTING, [at("suppression")])
    yield Asked("suppression/ further pages", LISTING, [at("suppression")], follows=True)


def _lift(world: World) -> Iterator[Asked]:
    pages = [at("suppression-lift", pk) for pk in Suppression.objects.values_list("pk", flat=True)[:MANY]]
    yield Asked("suppression/<id>/lift/", LISTING, pages)


def _of_anybody(name: str) -> Examples:
    return lambda world: iter([Asked(name, RIGHTS, [at(name, one.pk) for one in world.any])])


def _rights_answer(world: World) -> Iterator[Asked]:
    open_ones = RightsRequest.objects.filter(state=RightsState.OPEN)
    pages = [at("rights-answer", one.member_id, one.id) for one in open_ones]
    yield Asked("rights-answer", RIGHTS, pages)


def _rights_desk(world: World) -> Iterator[Asked]:
    yield Asked("rights/", RIGHTS, [at("rights"), at("rights", state="answered")])


def _sealed(world: World) -> Iterator[Asked]:
    sealed = Erasure.objects.filter(sealed__isnull=False)
    yield Asked("rights-sealed", (COMPLIANCE,), [at("rights-sealed", one.pk) for one in sealed])


def _ratings(world: World) -> Iterator[Asked]:
    pages = [at("product-rating", pk) for pk in Product.objects.order_by("code").values_list("pk", flat=True)]
    yield Asked("suitability/products/<id>/", (RM, LEAD, COMPLIANCE, OPERATIONS, ADMIN), pages)


COMPLIANT: dict[str, Examples] = {
    "consent-give": of_own("consent-give", *WORK),
    "contact-new": of_own("contact-new", *WORK),
    "contact-preference": of_own("contact-preference", *WORK),
    "unsubscribe": _unsubscribe,
    "suppression": _suppression,
    "suppression-new": plain("suppression-new", *LISTING),
    "suppression-lift": _lift,
    "contact-policy": plain("contact-policy", *SETTING),
    "consent-texts": plain("consent-texts", *SETTING),
    "rights": _rights_desk,
    "rights-new": _of_anybody("rights-new"),
    "rights-answer": _rights_answer,
    "rights-erase": _of_anybody("rights-erase"),
    "rights-sealed": _sealed,
    "questionnaires": plain("questionnaires", *SETTING),
    "questionnaire-change": plain("questionnaire-change", COMPLIANCE, OPERATIONS),
    "questionnaire-answer": _questionnaire,
    "product-ratings": plain("product-ratings"),
    "product-rating": _ratings,
    "house-rule": plain("house-rule"),
    "investor-status": of_own("investor-status", RM, LEAD, COMPLIANCE, OPERATIONS),
    "purchase-check": of_own("purchase-check", *WORK),
}
