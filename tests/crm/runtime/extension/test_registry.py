"""What apps publish fits together, or the product does not start and says why."""

import pytest
from django.core.exceptions import ImproperlyConfigured
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from crm.runtime import checks
from crm.runtime.extension import registry
from crm.runtime.extension.labels import Verbatim, untranslated
from crm.runtime.extension.links import Target, missing
from crm.runtime.extension.registry import RegisteredTwice, Registry


@pytest.fixture
def samples(monkeypatch) -> Registry[Promise]:
    monkeypatch.setattr(registry, "_judges", [])
    return Registry("sample", untranslated)


def test_the_product_fits_together():
    assert registry.problems() == []


def test_of_two_entries_with_one_key_both_are_named(samples):
    samples.add("a", Verbatim("first"))
    with pytest.raises(RegisteredTwice, match="sample 'a' is registered twice: first and second"):
        samples.add("a", Verbatim("second"))
    assert dict(samples) == {"a": "first"}


def test_an_entry_that_does_not_fit_keeps_the_product_from_starting(samples):
    samples.add("good", gettext_lazy("Members"))
    registry.refuse_problems()
    samples.add("bad", gettext_lazy("Words that nobody translates"))
    words = "sample 'bad': 'Words that nobody translates' has no translation in zh-hans"
    assert [error.msg for error in checks.check_registrations()] == [words]
    with pytest.raises(ImproperlyConfigured, match=words):
        registry.refuse_problems()


def test_words_that_are_the_same_everywhere_are_said_to_be():
    assert not list(untranslated(Verbatim("English"), gettext_lazy("Members")))


def test_a_page_that_does_not_exist_is_named():
    assert not list(missing("members", "member", "admin:index"))
    assert list(missing("members", "nowhere")) == ["no page has the address name 'nowhere'"]


def test_a_target_leads_to_the_page_that_an_app_has():
    target = Target("the page of a member")
    assert target.address(7) == ""
    target.lead_to("member")
    assert target.address(7) == "/members/7/"
    with pytest.raises(RegisteredTwice, match="'member' and 'peek'"):
        target.lead_to("peek")


def test_every_command_begins_with_the_checks():
    from django.core.checks.registry import registry as django_checks

    assert {checks.check_environment, checks.check_registrations} <= set(django_checks.get_checks())
