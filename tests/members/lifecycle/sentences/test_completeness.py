"""Every code of the domain has its sentence, and every sentence gets the parameters that it names."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from django.utils import translation

from members.lifecycle.forecast.distances import Distance, Need, NeedKey
from members.lifecycle.forecast.explain import Reason, ReasonKey
from members.lifecycle.sentences import distances, explanation
from members.lifecycle.sentences.params import formatted

PARAMS = {
    "aum": Decimal("1.50"),
    "day": date(2026, 1, 2),
    "days": 3,
    "limit": Decimal(10),
    "missing": Decimal(5),
    "peak": Decimal(20),
    "warnings": ("idle", "signal"),
}


def test_every_key_has_a_sentence():
    assert set(distances.NEEDS) == set(NeedKey)
    assert set(explanation.REASONS) == set(ReasonKey)
    assert set(explanation.WARNING_CHANGES) == {True, False}


@pytest.mark.parametrize("language", ["en", "zh-hans"])
def test_every_sentence_takes_the_parameters_it_names(language):
    needs = tuple(Need(key, PARAMS) for key in NeedKey)
    with translation.override(language):
        texts = [explanation.reasons_text([Reason(key, PARAMS)]) for key in ReasonKey]
        (distance,) = distances.distance_texts([Distance("growth", needs)])
    texts += [need.text for need in distance.needs]
    assert all(text and "%" not in text for text in texts)


def test_a_parameter_without_a_form_is_an_error():
    with pytest.raises(KeyError):
        formatted({"weight": 1})
