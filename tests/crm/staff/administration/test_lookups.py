"""The administration answers the look-ups that its lists declare: no path leads from a list to a secret."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.contrib import admin
from django.db.models import Model
from django.urls import reverse

from crm.staff.models import Role, Session, Staff
from tests.crm.cast import browser_of, staff_of

DEPTH = 3
LOOKUPS = ("", "__exact", "__startswith", "__istartswith", "__regex", "__gte", "__in", "__isnull")


def paths(model: type[Model], depth: int = DEPTH, seen: tuple[type[Model], ...] = ()) -> Iterator[str]:
    """Every field that a query can reach from a model, relations followed in both directions."""
    for field in model._meta.get_fields():
        target = field.related_model
        yield field.name
        yield "pk"
        if target and isinstance(target, type) and depth > 1 and target not in seen:
            yield from (f"{field.name}__{rest}" for rest in paths(target, depth - 1, (*seen, model)))


def declared(site_admin: admin.ModelAdmin) -> set[str]:
    return {name for name in site_admin.list_filter if isinstance(name, str)}


@pytest.mark.parametrize("model", admin.site._registry, ids=lambda model: model._meta.label)
def test_no_list_answers_what_it_does_not_declare(rf, model):
    site_admin = admin.site._registry[model]
    request = rf.get("/")
    reached = sorted(set(paths(model)))
    assert len(reached) > 3
    answered = {
        f"{path}{lookup}"
        for path in reached
        for lookup in LOOKUPS
        if site_admin.lookup_allowed(f"{path}{lookup}", "a", request)
    }
    allowed = {
        f"{name}{end}" for name in declared(site_admin) for end in ("", "__exact", "__isnull", "__id__exact")
    }
    assert answered <= allowed


@pytest.mark.django_db
@pytest.mark.parametrize(
    "query",
    [
        "sessions__session_key__startswith=a", "sessions=a", "sessions__pk=a", "password__startswith=pbkdf2",
        "last_login__gte=2000-01-01", "requests_made__maker__password__startswith=a", "role__exact=%00",
        "team__id__exact=%00", "changes__reason__contains=x", "user_permissions__id__exact=1",
    ],
)  # fmt: skip
def test_a_look_up_that_is_not_declared_is_a_bad_request(query):
    browser = browser_of(staff_of(Role.ADMINISTRATOR))
    assert browser.get(f"/admin/staff/staff/?{query}").status_code == 400
    assert browser.get("/admin/staff/staff/?role__exact=analyst&is_active__exact=1").status_code == 200


@pytest.mark.django_db
@pytest.mark.parametrize("model", admin.site._registry, ids=lambda model: model._meta.label)
def test_every_list_answers_its_own_filters_and_nothing_odd_breaks_it(model):
    browser = browser_of(staff_of(Role.ADMINISTRATOR))
    site_admin = admin.site._registry[model]
    page = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
    for name in declared(site_admin):
        for value in ("%00", "x", "999999999999999999999", "-1", ""):
            assert browser.get(f"{page}?{name}__exact={value}").status_code in {200, 302, 400}
    if site_admin.date_hierarchy:
        part = site_admin.date_hierarchy
        assert browser.get(f"{page}?{part}__year=2026&{part}__month=11").status_code == 200
        for value in ("99999", "0", "-1", "x", "%00", "９９"):
            assert browser.get(f"{page}?{part}__year={value}").status_code == 400
            assert browser.get(f"{page}?{part}__year=2026&{part}__month={value}").status_code == 400


@pytest.mark.django_db
def test_what_the_table_of_sessions_holds_opens_nothing(client):
    person = staff_of(Role.COMPLIANCE)
    browser = browser_of(person)
    assert browser.get("/account/").status_code == 200
    stored = Session.objects.get(staff=person).session_key
    assert stored != browser.session.session_key
    client.cookies["sessionid"] = stored
    assert client.get("/account/").status_code == 302
    assert Staff.objects.count() >= 1


HUGE = "9" * 25
QUERIES = (
    "q=%00", f"q={'x' * 3000}", "o=999", "o=1.x.%00", f"p={HUGE}", "p=-1", "p=%00", "all=%00", "_popup=%00",
    "_to_field=password", "_facets=%00", "_changelist_filters=%00", "%00=1", "__exact=1", "pk__in=%00",
)  # fmt: skip
OBJECTS = (
    "%00/change",
    "_00/change",
    "_5F_00/change",
    f"{HUGE}/change",
    "x/change",
    "%00/history",
    "_00/delete",
)
POSTS = (
    {"action": "\0", "_selected_action": "\0", "index": "x"},
    {"action": "delete_selected", "_selected_action": HUGE, "index": HUGE, "select_across": "x"},
    {"form-TOTAL_FORMS": HUGE, "form-INITIAL_FORMS": "\0", "_save": "1"},
)


@pytest.mark.django_db
@pytest.mark.parametrize("model", admin.site._registry, ids=lambda model: model._meta.label)
def test_nothing_that_is_sent_to_the_administration_breaks_it(model):
    browser = browser_of(staff_of(Role.ADMINISTRATOR))
    browser.raise_request_exception = False
    page = reverse(f"admin:{model._meta.app_label}_{model._meta.model_name}_changelist")
    odd = [f"{page}?{query}" for query in QUERIES]
    if part := admin.site._registry[model].date_hierarchy:
        days = (
            "2026&{0}__month=2&{0}__day=31",
            "9999&{0}__month=12&{0}__day=31",
            "9999&{0}__month=12",
            "9999",
            "1",
        )
        odd += [f"{page}?{part}__year={day.format(part)}" for day in days]
    odd += [f"{page}{path}/" for path in OBJECTS]
    answers = {address: browser.get(address).status_code for address in odd}
    answers |= {str(data): browser.post(page, data).status_code for data in POSTS}
    fields = dict.fromkeys((field.name for field in model._meta.fields), "\0")
    answers["add"] = browser.post(f"{page}add/", fields).status_code
    assert not {address: status for address, status in answers.items() if status >= 500}


@pytest.mark.django_db
@pytest.mark.parametrize(
    "path",
    [
        "autocomplete/?app_label=staff&model_name=staff&field_name=%00&term=%00", "autocomplete/?term=x",
        "r/1/%00/", f"r/{HUGE}/1/", "r/1/x/", "jsi18n/?%00=%00", "staff/%00/", "%00/", "search/?s=%00",
        "search/?s=x&extended=%00", f"search/?s=x&page={HUGE}", "search/?s=x&page=-1", "search/?s=x&page=x",
        "autocomplete/?app_label=portfolio&model_name=product&field_name=category&term=%00",
        f"autocomplete/?app_label=portfolio&model_name=product&field_name=category&term=x&page={HUGE}",
    ],
)  # fmt: skip
def test_nothing_that_is_sent_to_its_other_pages_breaks_it(path):
    browser = browser_of(staff_of(Role.ADMINISTRATOR))
    browser.raise_request_exception = False
    assert browser.get(f"/admin/{path}").status_code < 500
