"""Versions of the questionnaire: which is in force, which comes next."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db.models import QuerySet

from members.profiles.models import RISK, Questionnaire
from members.profiles.questionnaires.versions.definition import Definition, read


def in_force(today: date) -> Questionnaire | None:
    """The version in force on a platform day. One query."""
    return _versions().filter(effective_from__lte=today).first()


def latest() -> Questionnaire | None:
    """What a new version follows. One query."""
    return _versions().first()


def all_versions() -> Sequence[Questionnaire]:
    """Every version, the latest first. One query."""
    return list(_versions())


def definition_of(version: Questionnaire) -> Definition:
    return read(version.questions, version.bands)


def _versions() -> QuerySet[Questionnaire]:
    return Questionnaire.objects.filter(code=RISK).order_by("-number")
