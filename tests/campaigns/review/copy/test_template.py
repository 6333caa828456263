"""Templates without code: what is allowed, how values are written, and where what is found stands."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from campaigns.review.copy.check import find
from campaigns.review.copy.errors import CopyRefused
from campaigns.review.copy.rendering.render import Renderer, render
from campaigns.review.copy.write import Text
from campaigns.review.models import Copy
from campaigns.review.wording.sources import load

NAMED = {"name": {"type": "text"}}
COPY = Copy(code="c", purpose="marketing")


def text(body: str, variables=NAMED, **more) -> Text:
    return Text(**{"channel": "wecom", "language": "zh"} | more, body=body, variables=variables)


@pytest.mark.parametrize(
    ("body", "code", "place"),
    [
        ("a\n{{ other }}", "copy_undeclared", (2, 4)),
        ("{{ name | upcase }}", "copy_expression", (1, 1)),
        ("{{ name.__class__ }}", "copy_expression", (1, 1)),
        ('{{ name }}{{ "保" }}{{ "本" }}', "copy_expression", (1, 11)),
        ("{{- name -}}", "copy_expression", (1, 1)),
        ("{{ name }}\n{% for x in name %}{% endfor %}", "copy_expression", (2, 1)),
        ("{{ name }}{% assign a = 1 %}", "copy_expression", (1, 11)),
        ("{{ name }}{% include 'x' %}", "copy_expression", (1, 11)),
        ("{{ name }}{% if name | size %}a{% endif %}", "copy_expression", (1, 11)),
        ("{{ name }}{% raw %}", "copy_expression", (1, 11)),
        ("{{ name }}{# hidden #}{{", "copy_bad_sign", (1, 23)),
        ("{% if name.first %}a{% endif %}", "copy_undeclared", None),
        ("{{ name }}{% if name %}a", "copy_syntax", None),
        ("no variable", "copy_unused_variable", None),
    ],
)
def test_what_is_not_allowed_is_refused_where_it_stands(body, code, place):
    with pytest.raises(CopyRefused) as refusal:
        Renderer(text(body))
    assert refusal.value.code == code
    if place:
        assert (refusal.value.params["line"], refusal.value.params["column"]) == place


@pytest.mark.parametrize(
    ("kind", "value", "chinese", "english"),
    [
        ("date", date(2026, 3, 16), "2026年3月16日", "16 Mar 2026"),
        ("date", "2026-03-16", "2026年3月16日", "16 Mar 2026"),
        ("amount", Decimal("1234567.5"), "1,234,567.50元", "CNY 1,234,567.50"),
        ("number", 1234, "1,234", "1,234"),
        ("share", Decimal("0.035"), "3.50%", "3.50%"),
        ("text", "欧阳若溪", "欧阳若溪", "欧阳若溪"),
    ],
)
def test_a_value_is_written_by_its_type_and_language(kind, value, chinese, english):
    for language, expected in (("zh", chinese), ("en", english)):
        content = text("{{ x }}", {"x": {"type": kind}}, language=language)
        assert render(content, {"x": value}).text == expected


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        ("date", "16.3.2026"), ("amount", "about 5"), ("amount", 0.1), ("number", "NaN"), ("share", "1e20"),
        ("number", True), ("text", ""), ("text", "a" * 81), ("text", "a\u202eb"), ("text", "{{ x }}"),
        ("text", 5),
    ],
)  # fmt: skip
def test_a_value_of_another_type_is_refused(kind, value):
    with pytest.raises(CopyRefused, match="copy_bad_value"):
        render(text("{{ x }}", {"x": {"type": kind}}), {"x": value})


def test_a_value_that_is_missing_is_refused():
    with pytest.raises(CopyRefused, match="copy_value_missing"):
        render(text("{{ name }}"), {"name": None})


def test_conditions_compare_numbers_and_values_are_no_templates():
    content = text(
        "{% if rate > 0.03 %}高{% else %}低{% endif %}{{ rate }} {{ name }}",
        NAMED | {"rate": {"type": "share"}},
    )
    assert render(content, {"rate": "0.035", "name": "% if {"}).text == "高3.50% % if {"
    assert render(content, {"rate": "0.02", "name": "x"}).text == "低2.00% x"


def test_html_of_an_email_escapes_text_and_values():
    shown = render(text("a < b\n\n{{ name }}", channel="email"), {"name": "<script>alert(1)</script>"})
    assert shown.html == "<p>a &lt; b</p><p>&lt;script&gt;alert(1)&lt;/script&gt;</p>"


def test_a_hash_is_of_channel_subject_and_text():
    one = render(text("{{ name }}"), {"name": "a"})
    others = [
        render(text("{{ name }}", channel="sms"), {"name": "a"}),
        render(text("{{ name }}", subject="s"), {"name": "a"}),
        render(text("{{ name }}"), {"name": "b"}),
    ]
    assert len({one.sha256, *(other.sha256 for other in others)}) == 4


@pytest.mark.parametrize(
    ("body", "marked"),
    [
        ("您好{{ name }}，本金有保障。", "本金有保障"),
        ("您好，保{{ name }}本的产品。", "保{{ name }}本"),
        ("本金有{% if name %}保障{% endif %}，放心。", "本金有{% if name %}保障"),
        ("{% unless name %}没有风险{% endunless %}的产品。{{ name }}", "没有风险"),
    ],
)
def test_a_finding_stands_in_the_template_whatever_values_and_conditions_are(body, marked):
    found = [one for one in find(text(body), COPY, load("cn")) if one.end]
    assert any(body[one.start : one.end] == marked for one in found), [body[o.start : o.end] for o in found]


def test_what_a_text_has_to_hold_does_not_stand_under_a_condition():
    refusing = "{{ name }}，了解净值。回复T退订"
    under = "{{ name }}，了解净值。{% if name %}回复T退订{% endif %}"
    rules = [
        {one.finding.rule.category for one in find(text(f"【长青】{body}", channel="sms"), COPY, load("cn"))}
        for body in (refusing, under)
    ]
    assert [("missing_opt_out" in found) for found in rules] == [False, True]


def test_a_service_message_needs_no_way_to_refuse():
    service = Copy(code="s", purpose="service")
    found = find(text("【长青】您的风险测评即将到期。{{ name }}", channel="sms"), service, load("cn"))
    assert found == []
