"""Errors say why by a code; their sentences come from the apps and follow the reader's language."""

from __future__ import annotations

import pytest
from django.utils import translation

from crm.runtime.errors import CodedError, error_text
from crm.staff import sentences
from crm.staff.accounts.change import AccountRefusal
from crm.staff.four_eyes.requests import RequestRefusal
from crm.staff.privacy.access_log import REASON_TOO_SHORT, TOO_MANY_SEARCHES, ReasonMissing
from members.lifecycle.policy import withdraw
from members.lifecycle.policy.change import Refusal
from members.lifecycle.sentences.policy import REFUSALS


def test_an_error_is_worded_in_the_readers_language():
    error = ReasonMissing(REASON_TOO_SHORT, count=4)
    assert str(error) == "reason_too_short {'count': 4}"
    with translation.override("en"):
        assert error_text(error) == "Enter a reason of at least 4 characters."
    with translation.override("zh-hans"):
        assert "4" in error_text(error) and not error_text(error).isascii()


def test_a_code_without_a_sentence_is_an_error():
    with pytest.raises(KeyError):
        error_text(CodedError("nobody_registered_this"))


def test_every_refusal_has_its_sentence():
    assert set(sentences.ERRORS) == {REASON_TOO_SHORT, TOO_MANY_SEARCHES, *AccountRefusal, *RequestRefusal}
    assert set(REFUSALS) == {*Refusal, *withdraw.Refusal}
