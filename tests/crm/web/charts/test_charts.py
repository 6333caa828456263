from datetime import date
from decimal import Decimal

from crm.web import charts

FIRST, MIDDLE, LAST = date(2026, 1, 1), date(2026, 2, 1), date(2026, 3, 4)


def test_one_point_is_no_curve():
    assert charts.curve([(FIRST, Decimal(1))]) is None
    assert charts.curve([]) is None
    assert charts.stack([FIRST], [("growth", [1])]) is None


def test_a_curve_spans_the_drawing_and_starts_its_scale_at_nothing():
    drawn = charts.curve([(FIRST, Decimal(0)), (MIDDLE, Decimal(150)), (LAST, Decimal(180))])
    assert drawn.line.startswith(f"M{charts.LEFT}.0 {drawn.base}.0")
    assert f"L{charts.WIDTH - charts.RIGHT}.0 " in drawn.line
    assert [tick.value for tick in drawn.rows] == [0, 100, 200]
    assert [tick.value for tick in drawn.columns] == [date(2026, 1, 1), date(2026, 2, 1), date(2026, 3, 1)]


def test_a_curve_of_nothing_but_zero_can_be_drawn():
    assert charts.curve([(FIRST, Decimal(0)), (LAST, Decimal(0))]).rows[-1].value == 1


def test_marks_outside_the_span_are_left_out_and_close_ones_are_staggered():
    marks = [
        (date(2025, 1, 1), "growth", "a"),
        (date(2026, 2, 1), "growth", "b"),
        (date(2026, 2, 3), "decline", "c"),
    ]
    drawn = charts.curve([(FIRST, Decimal(1)), (LAST, Decimal(2))], marks)
    assert [mark.label for mark in drawn.marks] == ["b", "c"]
    assert drawn.marks[0].row != drawn.marks[1].row


def test_bands_of_a_stack_lie_upon_each_other():
    drawn = charts.stack([FIRST, LAST], [("growth", [1, 1]), ("decline", [1, 1])])
    lower, upper = drawn.layers
    assert lower.path.split("L")[0].endswith(" 97.0")  # half of the scale of 2
    assert upper.path.split("L")[0].endswith(f" {charts.TOP}.0")
    assert " 97.0" in upper.path


def test_heat_has_five_shades_and_none_for_nothing():
    assert [charts.heat(value, 10) for value in (0, 1, 2, 3, 6, 10)] == [0, 1, 1, 2, 3, 5]
    assert charts.heat(3, 0) == 0
