from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.utils import translation

from crm.web import formats


@pytest.mark.parametrize(
    ("value", "shown"),
    [("2674300", "¥2,674,300"), ("0.5", "¥0.50"), ("-1200.25", "−¥1,200.25"), ("0", "¥0"), (None, "–")],
)
def test_money_has_cents_only_where_there_are_some(value, shown):
    assert formats.money(None if value is None else Decimal(value)) == shown


def test_money_names_its_currency(settings):
    settings.BUSINESS_CURRENCY = "CZK"
    assert formats.money(Decimal(1500)) == "Kč 1,500"
    assert formats.money(Decimal(1500), "SEK") == "SEK 1,500"


def test_a_column_of_money_has_cents_in_every_line():
    column = [Decimal("893209"), Decimal("1024.03"), Decimal("-0.5"), None]
    assert [formats.exact_money(value) for value in column] == ["¥893,209.00", "¥1,024.03", "−¥0.50", "–"]


@pytest.mark.parametrize(
    ("language", "value", "shown"),
    [
        ("zh-hans", "2674300", "¥267.4万"),
        ("zh-hans", "350000000", "¥3.5亿"),
        ("zh-hans", "9999", "¥9,999"),
        ("zh-hans", "9999.60", "¥1万"),
        ("zh-hans", "99999600", "¥1亿"),
        ("zh-hans", "12345.67", "¥1.23万"),
        ("zh-hans", "-0.40", "¥0"),
        ("zh-hans", "98765432100", "¥987.7亿"),
        ("en", "2674300", "¥2.67m"),
        ("en", "999960", "¥1m"),
        ("en", "999.50", "¥1k"),
        ("en", "2500000000", "¥2.5bn"),
        ("en", "-5000", "−¥5k"),
    ],
)
def test_short_money_counts_as_the_reader_does(language, value, shown):
    with translation.override(language):
        assert formats.short_money(Decimal(value)) == shown


@pytest.mark.parametrize(
    ("value", "shown"), [(0.415, "41.5%"), (Decimal("0.2000"), "20%"), (0, "0%"), (None, "–")]
)
def test_shares_are_shown_as_percentages(value, shown):
    assert formats.share(value) == shown


def test_days_and_instants_are_platform_time_in_the_readers_form():
    late = datetime(2026, 3, 1, 17, 30, tzinfo=UTC)  # already the 2nd in Shanghai
    with translation.override("zh-hans"):
        assert formats.day(late) == "2026-03-02"
        assert formats.moment(late) == "2026-03-02 01:30"
        assert formats.days(timedelta(days=3)) == "3 天"
        assert formats.month_long(date(2026, 3, 1)) == "2026年3月"
    with translation.override("en"):
        assert formats.day(late) == "2 Mar 2026"
        assert formats.days(1) == "1 day"
        assert formats.days(1200) == "1,200 days"
