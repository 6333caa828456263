from decimal import Decimal

from django.utils import translation

from crm.web import amounts


def test_an_amount_is_short_and_keeps_the_exact_figure():
    with translation.override("zh-hans"):
        shown = amounts.amount(Decimal("2674300.15"))
    assert shown == (
        '<data value="2674300.15" title="¥2,674,300.15"><span aria-hidden="true">¥267.4万</span>'
        '<span class="hidden">¥2,674,300.15</span></data>'
    )


def test_what_is_short_already_is_told_once():
    assert amounts.amount(Decimal(800)) == '<data value="800">¥800</data>'
    assert amounts.amount(None) == "–"


def test_a_change_has_its_sign_and_the_colour_of_its_direction():
    with translation.override("en"):
        assert '<data value="120000" class="rise" title="+¥120,000"><span aria-hidden="true">+¥120k<' in (
            amounts.change(Decimal(120000))
        )
        assert amounts.change(Decimal(-500)) == '<data value="-500" class="fall">−¥500</data>'
        assert amounts.change(Decimal(0)) == '<data value="0" class="level">¥0</data>'


def test_a_currency_of_letters_is_escaped(settings):
    settings.BUSINESS_CURRENCY = "<b>"
    assert "<b>" not in amounts.amount(Decimal(10))
