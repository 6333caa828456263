"""Lines, bars, sparklines, funnels and heat tables: shapes with answers worked out by hand."""

import xml.etree.ElementTree as ET
from datetime import date
from decimal import Decimal

import pytest
from django.template.loader import render_to_string

from crm.web import charts
from crm.web.charts import Series
from crm.web.charts.frame import round_top, scale_for
from crm.web.gallery import samples

DAYS = [date(2026, 1, 1), date(2026, 1, 11), date(2026, 1, 21)]
BASE, TOP = charts.HEIGHT - charts.BOTTOM, charts.TOP
MIDDLE = (BASE + TOP) / 2


@pytest.mark.parametrize(
    ("highest", "top"),
    [("0", "1"), ("-3", "1"), ("1", "1"), ("1.01", "1.2"), ("3", "3"), ("0.45", "0.5"), ("640", "800"),
     ("1502", "1600"), ("99", "100"), ("2500", "2500"), ("8000001", "10000000")],
)  # fmt: skip
def test_a_scale_ends_at_the_next_round_number(highest, top):
    assert round_top(Decimal(highest)) == Decimal(top)


def test_a_scale_holds_zero_and_goes_below_it_only_where_needed():
    assert [tick.value for tick in scale_for([3, 4]).rows()] == [0, 2, 4]
    assert [tick.value for tick in scale_for([-3, 4]).rows()] == [-4, 0, 4]
    assert [tick.value for tick in scale_for([-3, -4]).rows()] == [-4, -2, 0]
    assert scale_for([-4, 4]).up(0) == MIDDLE
    assert scale_for([]).up(1) == TOP


def test_lines_share_a_scale_and_break_where_a_value_is_missing():
    drawn = charts.lines(DAYS, [Series("growth", "a", [0, 2, 4]), Series("", "b", [2, None, 2])])
    whole, broken = drawn.lines
    left, middle, right = charts.LEFT, (charts.LEFT + drawn.right) / 2, drawn.right
    assert whole.path == f"M{left}.0 {BASE}.0h0L{middle} {MIDDLE}L{right}.0 {TOP}.0"
    assert broken.path == f"M{left}.0 {MIDDLE}h0M{right}.0 {MIDDLE}h0"
    assert whole.dash != broken.dash
    assert drawn.table[0] == (DAYS[2], [4, 2])
    assert drawn.table[1] == (DAYS[1], [2, None])


def test_labels_of_lines_that_end_close_are_moved_apart_in_order():
    drawn = charts.lines(DAYS, [Series("", str(n), [0, 0, 100 - n]) for n in range(4)])
    places = [line.label_at for line in drawn.lines]
    assert places == sorted(places)
    assert all(below - above >= 13 for above, below in zip(places, places[1:], strict=False))


def test_labels_of_lines_that_end_at_nothing_stay_above_the_days():
    drawn = charts.lines(DAYS, [Series("", str(n), [9, 9, 0]) for n in range(3)])
    places = [line.label_at for line in drawn.lines]
    assert max(places) <= float(BASE)
    assert all(abs(one - other) >= 13 for one, other in zip(places, places[1:], strict=False))


def test_a_target_is_on_the_scale_even_above_every_value():
    drawn = charts.lines(DAYS, [Series("", "a", [1, 1, 1])], target=[4, 4, 4])
    assert drawn.target.path == f"M{charts.LEFT}.0 {TOP}.0H{drawn.right}.0"
    assert drawn.rows[-1].value == 4
    assert charts.lines(DAYS, [Series("", "a", [1, 1, 1])], target=[None] * 3).target is None


def test_a_target_changes_where_it_did_and_says_the_last_one():
    drawn = charts.lines(DAYS, [Series("", "a", [1, 1, 1])], target=[None, 2, 4])
    left, middle, right = charts.LEFT, (charts.LEFT + drawn.right) / 2, drawn.right
    first, second = (left + middle) / 2, (middle + right) / 2
    assert drawn.target.path == f"M{first} {MIDDLE}H{second}V{TOP}.0H{right}.0"
    assert drawn.target.value == 4


@pytest.mark.parametrize(("values", "anchor"), [([4, 4, 1], "end"), ([1, 4, 4], "start")])
def test_the_words_of_a_target_stand_where_no_line_is(values, anchor):
    drawn = charts.lines(DAYS, [Series("", "a", values)], target=[4, 4, 4])
    assert drawn.target.anchor == anchor
    above = charts.lines(DAYS, [Series("", "a", [2, 2, 2])], target=[2, 2, 3])
    assert above.target.y < 200


def test_too_little_is_not_drawn():
    assert charts.lines(DAYS[:1], [Series("", "a", [1])]) is None
    assert charts.lines(DAYS, [Series("", "a", [None, None, None])]) is None
    assert charts.bars([]) is None
    assert charts.sparkline([None, 1, None]) is None
    assert charts.funnel([]) is None
    assert charts.funnel([("", "a", 0), ("", "b", 0)]) is None


def test_bars_begin_at_zero_and_negative_ones_go_left():
    drawn = charts.bars([("", "in", 100), ("", "out", -50), ("", "none", None)])
    room = drawn.width - drawn.labels - 96
    assert drawn.zero == drawn.labels + room / 2
    full, half, none = drawn.bars
    assert (full.left, full.width) == (drawn.zero, room / 2)
    assert (half.left, half.width) == (drawn.zero - room / 4, room / 4)
    assert none.width == 0
    assert charts.bars([("", "a", 5)]).zero == drawn.labels


def test_counts_are_links_with_bars_as_wide_as_their_share_of_the_largest():
    assert charts.counts([]) is None
    drawn = charts.counts([("a <b>", 8, "/a"), ("b", 2, "/b"), ("c", 0, "/c")])
    assert [one.width for one in drawn] == [100, 25, 0]
    assert charts.counts([("c", 0, "/c")])[0].width == 0
    html = render_to_string(
        "web/charts/counts.html", {"chart": drawn, "id": "one", "title": "Findings", "unit": "number"}
    )
    links = ET.fromstring(html.strip()).findall("ul/li/a")
    assert [(link.get("href"), link.find("span").text, link.find("b").text) for link in links] == [
        ("/a", "a <b>", "8"),
        ("/b", "b", "2"),
        ("/c", "c", "0"),
    ]


def test_a_sparkline_spans_its_own_range():
    drawn = charts.sparkline([10, None, 30, 20])
    assert drawn.line == "M3.0 21.0L63.0 3.0L93.0 12.0"
    assert (drawn.first, drawn.low, drawn.high, drawn.last) == (10, 10, 30, 20)
    assert charts.sparkline([5, 5]).line == "M3.0 12.0L93.0 12.0"


def test_a_funnel_tells_shares_of_the_step_before_and_of_the_first():
    drawn = charts.funnel([("", "a", 200), ("", "b", 100), ("", "c", 25), ("", "d", 30)])
    assert [step.width for step in drawn.steps] == [256, 128, 32, 38.4]
    assert [step.left for step in drawn.steps] == [112, 176, 224, 220.8]  # clear of the words beside
    assert [step.of_before for step in drawn.steps] == [None, 0.5, 0.25, 1.2]
    assert [step.of_first for step in drawn.steps] == [1, 0.5, 0.125, 0.15]
    assert [step.lost for step in drawn.steps] == [0, 100, 75, 0]
    assert drawn.steps[-1].slope == ""
    assert charts.funnel([("", "a", 2), ("", "b", 0), ("", "c", 0)]).steps[2].of_before is None


def test_a_heat_table_shades_by_its_highest_amount_and_links_only_amounts():
    table = charts.heat_table(["x", "y"], [("a", [None, 10]), ("b", [0, 3])], lambda row, col: f"/{row}{col}")
    assert [[cell.heat for cell in cells] for _, cells in table.rows] == [[0, 5], [0, 2]]
    assert [[cell.address for cell in cells] for _, cells in table.rows] == [["", "/01"], ["", "/11"]]


DRAWN = {
    "curve": ("curve", "money"), "area": ("area", "number"), "line": ("lines", "share"),
    "bar": ("bars", "number"), "funnel": ("funnel", ""), "sparkline": ("spark", "number"),
}  # fmt: skip


@pytest.mark.parametrize("template", DRAWN)
def test_every_chart_names_itself_and_brings_its_numbers(template):
    shape, unit = DRAWN[template]
    context = {"chart": samples.drawings()[shape], "unit": unit, "id": "one", "title": "A <chart>",
               "labels": samples.STAGES}  # fmt: skip
    html = render_to_string(f"web/charts/{template}.html", context).strip()
    root = ET.fromstring(html)
    drawing = root if root.tag == "svg" else root.find("svg")
    assert drawing.get("role") == "img"
    assert drawing.find("title").text.startswith("A <chart>")
    if template == "sparkline":
        assert "18" in drawing.find("title").text
        assert "53" in drawing.find("title").text
    else:
        assert drawing.get("aria-labelledby") == "one-title one-desc"
        assert drawing.find("desc").text
        rows = root.findall("details//tbody/tr")
        assert len(rows) == {"funnel": 4, "bar": 4}.get(template, 13)
        assert all(row.find("th") is not None for row in rows)


def test_several_lines_are_told_apart_without_colour():
    html = render_to_string(
        "web/charts/line.html",
        {"chart": samples.drawings()["lines"], "unit": "share", "id": "l", "title": "t"},
    )
    drawing = ET.fromstring(html.strip()).find("svg")
    paths = [path for path in drawing.iter("path") if path.get("class") == "line"]
    assert len({path.get("stroke-dasharray") for path in paths}) == 3
    marked = {text.text.strip() for text in drawing.iter("text") if text.get("class") == "marked"}
    assert marked >= {"Growth", "Maturity", "Decline"}
