"""Sample data for the component gallery; nobody here exists."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from django import forms
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm.web import charts
from crm.web.components import Fact, Progress
from crm.web.gallery.colours import PAIRS, THEMES, as_hex, colour, tokens
from crm.web.lists.paging import Page

AT = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
CHANGES = [
    (gettext_lazy("Stage"), "120", "90"),
    (gettext_lazy("Assets"), "", "¥200,000"),
]  # label, before, after
STAGES = (
    ("acquisition", gettext_lazy("Acquisition")),
    ("activation", gettext_lazy("Activation")),
    ("growth", gettext_lazy("Growth")),
    ("maturity", gettext_lazy("Maturity")),
    ("decline", gettext_lazy("Decline")),
)
NAMES = ("周若溪", "陈立群", "何雨桐", "马骁", "沈嘉木", "欧阳静", "Tom Hale", "王小明")
ROWS, PAGES = 8, 4
STEPS = 8  # polls until the sample of a progress ends
MONTHS = tuple(date(2025 + (2 + m) // 12, (2 + m) % 12 + 1, 1) for m in range(13))
MONTH = dict(zip(("preceding", "first", "following"), MONTHS, strict=False))
MEANINGS = (
    "page", "sheet", "well", "line", "edge", "field", "text", "muted", "accent", "accent-strong",
    "accent-soft", "on-accent", "danger", "danger-soft", "warn", "warn-soft", "good",
    "acquisition", "activation", "growth", "maturity", "decline",
)  # fmt: skip


class SampleForm(forms.Form):
    """A form with every kind of field."""

    name = forms.CharField(
        label=gettext_lazy("Name"), widget=forms.TextInput({"class": "input"}), max_length=20
    )
    days = forms.IntegerField(
        label=gettext_lazy("Days"),
        help_text=gettext_lazy("From 1 to 365."),
        min_value=1,
        max_value=365,
        widget=forms.NumberInput({"class": "input"}),
    )
    stage = forms.ChoiceField(
        label=gettext_lazy("Stage"), choices=STAGES, widget=forms.Select({"class": "input"})
    )
    reason = forms.CharField(
        label=gettext_lazy("Reason"), widget=forms.Textarea({"class": "input", "rows": 2}), required=False
    )


@dataclass(frozen=True)
class SampleRow:
    """One row of the sample list."""

    number: int
    name: str
    stage: str
    label: str
    amount: Decimal
    at: datetime


def progress(step: int) -> Progress:
    """The sample of a progress after so many polls."""
    step = min(step, STEPS)
    return Progress(
        _("Reading the file"),
        id="gallery-progress",
        done=step * 1500,
        total=STEPS * 1500,
        ended=step == STEPS,
        address=reverse("gallery-progress", args=[step]),
        page=reverse("gallery"),
    )


def progresses() -> list[Progress]:
    """One under way, one that has not begun, one that has ended."""
    return [
        progress(1),
        Progress(_("Queued"), id="gallery-waiting"),
        Progress(_("Done"), id="gallery-ended", done=STEPS * 1500, total=STEPS * 1500, ended=True),
    ]


def rows(after: str) -> Page:
    """A page of rows; the token is the number of the last one."""
    start = int(after) if after.isdecimal() and len(after) < 4 else 0
    made = []
    for number in range(start + 1, start + ROWS + 1):
        stage, label = STAGES[number % 5]
        amount = Decimal(9_800_000 // (number + 1))
        made.append(
            SampleRow(number, NAMES[number % 8], stage, str(label), amount, AT - timedelta(days=3 * number))
        )
    last = start + ROWS
    return Page(made, str(last) if last < ROWS * PAGES else "", first=not start)


def colours() -> dict[str, Any]:
    """Meanings with their colour in both themes, and the pairs that components use with their contrast."""
    return {
        "meanings": [(name, [as_hex(colour(name, theme)) for theme in THEMES]) for name in MEANINGS],
        "pairs": [(pair, [round(pair.ratio(theme), 1) for theme in THEMES]) for pair in PAIRS],
        "sizes": [(name, value) for name, value in tokens().items() if name.startswith("size-")],
        "spaces": [(name, value) for name, value in tokens().items() if name.startswith("space-")],
        "radii": [(name, value) for name, value in tokens().items() if name.startswith("radius")],
    }


ENDS = [Decimal(value) * 4000 for value in (160, 168, 171, 171, 190, 198, 204, 210, 214, 150, 112, 96, 84)]
TARGET = [0.45 if month > 4 else 0.3 for month in range(13)]


def drawings() -> dict[str, Any]:
    """A shape of every kind of chart."""
    wave = [18, 22, 21, 26, 31, 30, 36, 41, 39, 44, 48, 47, 53]
    bands = [
        (stage, [base + step * m for m in range(13)])
        for (stage, _label), base, step in zip(STAGES, (90, 110, 180, 60, 70), (2, 3, 5, 2, 1), strict=True)
    ]
    names = [label for _stage, label in STAGES]
    moves = [[None, 4512, 0, 0, 0], [0, None, 3208, 12, 0], [0, 0, None, 901, 2877], [0, 0, 144, None, 312],
             [0, 0, 466, 58, None]]  # fmt: skip
    return {
        "curve": charts.curve(list(zip(MONTHS, ENDS, strict=True)), [(MONTHS[8], "decline", str(names[4]))]),
        "area": charts.stack(MONTHS, bands),
        "lines": charts.lines(
            MONTHS,
            [
                charts.Series("growth", names[2], [value / 100 for value in wave]),
                charts.Series("maturity", names[3], [0.3 if m != 5 else None for m in range(13)]),
                charts.Series("decline", names[4], [value / 160 for value in reversed(wave)]),
            ],
            target=TARGET,
            marks=[(MONTHS[9], "v2")],
        ),
        "bars": charts.bars(
            [
                ("", _("Search"), 2410),
                ("", _("Referral"), 1933),
                ("", _("Branch"), 870),
                ("", _("Other"), None),
            ]
        ),
        "counts": charts.counts([(names[2], 12, "#charts"), (names[4], 5, "#charts")]),
        "signed": charts.bars([("growth", names[2], Decimal(42000)), ("decline", names[4], Decimal(-61000))]),
        "spark": charts.sparkline(wave),
        "spark_down": charts.sparkline(wave[::-1]),
        "funnel": charts.funnel(
            [
                ("acquisition", _("First contact"), 38204),
                ("activation", _("Registered"), 21770),
                ("growth", _("Invested"), 9431),
                ("maturity", _("Mature"), 2190),
            ]  # fmt: skip
        ),
        "heat": charts.heat_table(
            names,
            list(zip(names, moves, strict=True)),
            lambda row, column: f"?from={STAGES[row][0]}&to={STAGES[column][0]}#charts",
        ),
    }


def facts() -> list[Fact]:
    """Facts with and without a known source."""
    return [
        Fact(_("Mobile"), "138****0926", _("bank.csv, line 12"), AT, masked=True),
        Fact(_("Risk class"), "C3", _("risk assessment"), AT, more=_("until 18 Mar 2027")),
        Fact(_("Member number"), "M-000123", at=AT, copied=True),
        Fact(_("Region"), "上海", at=AT),
        Fact(_("Occupation"), ""),
    ]
