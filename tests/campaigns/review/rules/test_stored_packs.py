"""Rule packs in tables: what the files say, in effect from their day, closed to whoever has no approval."""

from datetime import UTC, datetime

import pytest
from django.db import IntegrityError, connection, transaction
from django.db.utils import InternalError, ProgrammingError

from campaigns.review.models import PackRule, RulePack
from campaigns.review.rules.effective import pack_at
from campaigns.review.rules.load_files import load_packs
from campaigns.review.wording.sources import load

pytestmark = pytest.mark.django_db

NOW = datetime(2026, 11, 29, 4, tzinfo=UTC)


@pytest.mark.parametrize("name", ["cn", "intl"])
def test_tables_and_files_say_the_same(name):
    stored, files = pack_at(name, NOW), load(name)
    assert stored is not files
    assert (stored.name, stored.version) == (files.name, files.version)
    assert (stored.rules, stored.documents, stored.bases) == (files.rules, files.documents, files.bases)
    assert (stored.protected, stored.longer_words, stored.warnings) == (
        files.protected,
        files.longer_words,
        files.warnings,
    )
    assert pack_at(name, NOW) is stored


def test_loading_again_stores_nothing():
    before = RulePack.objects.count()
    load_packs()
    assert RulePack.objects.count() == before


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE review_packrule SET content = content",
        "DELETE FROM review_rulepack",
        "TRUNCATE review_packbasis",
        "UPDATE review_packexample SET text = 'x'",
    ],
)
def test_nobody_changes_what_is_stored(statement):
    with pytest.raises((IntegrityError, InternalError, ProgrammingError)), connection.cursor() as cursor:
        cursor.execute(statement)


def test_the_role_of_the_application_stores_no_version_without_approval():
    with pytest.raises(IntegrityError, match="approved request"), transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL ROLE perennial_app")
        RulePack.objects.create(
            name="cn", number=99, version="x", effective_from=NOW.date(), content_hash="0" * 64
        )


def test_the_role_of_the_application_adds_no_rule_to_a_shipped_version():
    version = RulePack.objects.in_effect("cn", NOW.date())
    with pytest.raises(IntegrityError, match="what its request says"), transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET LOCAL ROLE perennial_app")
        PackRule.objects.create(
            pack=version,
            position=9999,
            code="X",
            is_document=False,
            content={"category": "guarantee", "severity": "warn"},
        )
