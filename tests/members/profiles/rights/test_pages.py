"""Pages of consent, contact and rights, as customer service and compliance use them."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse

from crm.staff.models import Request, Role
from members.profiles.consent.unsubscribe import unsubscribe_address
from members.profiles.models import (
    Consent,
    Contact,
    ContactChannel,
    ContactPreference,
    RightsRequest,
    Suppression,
)
from tests.crm.cast import NOW, browser_of, staff_of
from tests.members.profiles.people import member_with
from tests.members.profiles.rights import access as access_rights

pytestmark = pytest.mark.django_db
TODAY, KEY = NOW.date().isoformat(), "0" * 32
GIVEN = {
    "purpose": "marketing", "channel": "sms", "source": "call", "said_on": TODAY, "evidence": "recording 7",
    "key": KEY,
}  # fmt: skip


@pytest.fixture(autouse=True)
def _now(settings):
    settings.BUSINESS_NOW = NOW.isoformat()


@pytest.fixture
def person():
    return member_with(name="王小明", mobile="13800138000", at=NOW - timedelta(days=9))


@pytest.fixture
def service():
    return browser_of(staff_of(Role.CUSTOMER_SERVICE))


def tab(client, person, part="consents") -> str:
    response = client.get(reverse("member", args=[person.pk]), {"tab": "consent", "part": part})
    assert response.status_code == 200
    return response.content.decode()


def test_a_consent_is_recorded_under_the_text_in_force_and_withdrawn_in_one_act(service, person):
    give = reverse("consent-give", args=[person.pk])
    refused = service.post(give, GIVEN)
    assert refused.status_code == 422
    assert "No consent text was in force" in refused.content.decode()
    access_rights.consent_text()
    for _ in range(2):
        assert service.post(give, GIVEN).status_code == 302
    row = Consent.objects.get()
    assert (row.text_version, row.evidence, row.source) == ("marketing 1", "recording 7", "call")
    page = tab(service, person)
    assert "recording 7" in page and ">Given<" in page
    withdraw = reverse("consent-withdraw", args=[person.pk])
    service.post(withdraw, {"purpose": "marketing", "channel": "sms"})
    assert Consent.objects.filter(given=False).count() == 1
    assert ">Given<" not in tab(service, person).partition("consent-history")[0]
    service.post(withdraw)
    assert Consent.objects.filter(given=False).count() == 1 + 5 * 6  # of the named recipients none is known
    assert service.post(withdraw, {"purpose": "nothing"}).status_code == 404


def test_a_member_unsubscribes_by_the_link_of_a_message(client, person):
    address = unsubscribe_address(person.pk, ContactChannel.EMAIL)
    assert "Unsubscribe" in client.get(address, {"lang": "en"}).content.decode()
    assert not Consent.objects.exists()
    strict = Client(enforce_csrf_checks=True)  # as a mail program asks
    assert (
        "unsubscribed"
        in strict.post(f"{address}?lang=en", {"List-Unsubscribe": "One-Click"}).content.decode()
    )
    rows = Consent.objects.all()
    assert {(row.channel, row.given, row.source) for row in rows} == {("email", False, "link")}
    assert client.post(address.replace("email", "sms")).status_code == 404
    assert rows.count() == len(rows)


def test_nothing_is_chosen_beforehand(service, person):
    page = service.get(reverse("consent-give", args=[person.pk])).content.decode()
    assert page.count('<option value="" selected>') == 3
    assert service.post(reverse("consent-give", args=[person.pk]), GIVEN | {"purpose": ""}).status_code == 422


def test_contacts_and_preferences_move_the_next_contact(service, person):
    assert "contact cap reached" not in tab(service, person, "contacts")
    contact = {"channel": "phone", "kind": "marketing", "direction": "out", "words": "invited", "key": KEY}
    for key in (KEY, KEY, "1" * 32):
        service.post(reverse("contact-new", args=[person.pk]), contact | {"key": key})
    assert Contact.objects.count() == 2
    assert "contact cap reached" in tab(service, person, "contacts")
    prefer = reverse("contact-preference", args=[person.pk])
    assert service.post(prefer, {"time_zone": "Mars/Olympus"}).status_code == 422
    service.post(prefer, {"time_zone": "Europe/London", "service_channel": "email"})
    assert ContactPreference.objects.get().time_zone == "Europe/London"
    assert "Europe/London" in tab(service, person, "contacts")


def test_the_suppression_list_finds_adds_and_proposes_removal(service, person):
    add = reverse("suppression-new")
    entry = {"channel": "sms", "address": "138", "scope": "marketing", "reason": "opt_out", "words": "T"}
    assert "not a valid mobile number" in service.post(add, entry).content.decode()
    assert service.post(add, entry | {"address": "138-0013-8000"}).status_code == 302
    found = Suppression.objects.get()
    assert "13800138000" not in service.get(reverse("suppression")).content.decode()
    for address, times in (("13800138000", 1), ("13900139000", 0)):
        page = service.post(reverse("suppression-find"), {"address": address}).content.decode()
        assert page.count("Propose removal…") == times
    assert service.post(reverse("suppression-find"), {"address": "x"}).status_code == 422
    assert "On the suppression list" in tab(service, person)
    lift = reverse("suppression-lift", args=[found.pk])
    assert service.post(lift, {"reason": ""}).status_code == 422
    assert service.post(lift, {"reason": "new owner of the number"}).status_code == 302
    assert Request.objects.get(kind="profiles.suppression").proposal == {"suppression": found.pk}


def test_the_contact_policy_names_what_is_wrong(person):
    compliance = browser_of(staff_of(Role.COMPLIANCE))
    form = access_rights.RIGHTS["contact-policy"][1]() | {"effective_on": "2026-03-20"}
    page = compliance.post(reverse("contact-policy"), form | {"sms_end": ""}).content.decode()
    assert "Quiet hours need a start and an end" in page
    page = compliance.post(reverse("contact-policy"), form | {"all_week": "0"}).content.decode()
    assert "greater than or equal to 1" in page
    assert compliance.post(reverse("contact-policy"), form).status_code == 302
    assert Request.objects.get(kind="profiles.contact_policy").diff == {
        "caps.all": [{"day": 2, "week": 5, "month": 12}, {"day": 1, "week": 5, "month": 12}]
    }
    assert browser_of(staff_of(Role.ADMINISTRATOR)).post(reverse("contact-policy"), form).status_code == 403


def test_a_request_is_recorded_exported_and_answered(service, person):
    asked = {"kind": "export", "words": "my data", "verified": "ID seen", "received_on": TODAY, "key": KEY}
    service.post(reverse("rights-new", args=[person.pk]), asked)
    row = RightsRequest.objects.get()
    assert "王*" in service.get(reverse("rights")).content.decode()
    which = [person.pk, row.id]
    file = service.post(reverse("rights-export", args=which))
    document = json.loads(b"".join(file.streaming_content))
    assert document["member"]["mobile"] == "13800138000"
    assert (
        service.post(reverse("rights-answer", args=which), {"state": "done", "words": ""}).status_code == 422
    )
    service.post(reverse("rights-answer", args=which), {"state": "done", "words": "handed over"})
    assert "handed over" in tab(service, person, "rights")
    assert service.post(reverse("rights-export", args=which)).status_code == 404


def test_sealed_data_are_shown_once_for_a_reason():
    gone = access_rights.erased()
    officer = browser_of(staff_of(Role.COMPLIANCE))
    sealed = reverse("rights-sealed", args=[gone])
    assert "诸葛亮" not in officer.get(sealed).content.decode()
    assert officer.post(sealed, {"reason": ""}).status_code == 422
    assert "诸葛亮" in officer.post(sealed, {"reason": "court order 5"}).content.decode()
    page = officer.get(reverse("member", args=[gone]), {"tab": "consent", "part": "rights"}).content.decode()
    assert "Open sealed data…" in page and "诸葛" not in page


def test_the_tab_stays_within_its_queries(service, person, django_assert_max_num_queries):
    access_rights.consent_text()
    service.post(reverse("consent-give", args=[person.pk]), GIVEN)
    for part in ("consents", "contacts", "rights"):
        with django_assert_max_num_queries(10):
            tab(service, person, part)
