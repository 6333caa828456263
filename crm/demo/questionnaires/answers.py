"""Answers as a member of a class might give them."""

from __future__ import annotations

from random import Random

from members.profiles.models import RiskClass
from members.profiles.questionnaires.versions.definition import Definition, Question
from members.profiles.questionnaires.versions.score import score

TRIES = 400
SPREAD = 0.28  # how far answers of one person lie apart, as a share of the scores of a question
Answers = dict[str, list[str]]


def answers_of(definition: Definition, risk_class: str, dice: Random) -> Answers | None:
    """Answers that come to a class; None where chance finds none."""
    for _ in range(TRIES):
        given = {
            one.key: [_choice(one, _share(definition, risk_class), dice)] for one in definition.questions
        }
        if risk_class == RiskClass.C0:
            given |= _without_losses(definition)
        if score(definition, given).risk_class == risk_class:
            return given
    return None


def _share(definition: Definition, risk_class: str) -> float:
    """Where in the range of scores the middle of a class lies, from 0 to 1."""
    span = definition.highest - definition.lowest
    for name, low, high in definition.ranges():
        if name == risk_class:
            return ((max(low, definition.lowest) + high) / 2 - definition.lowest) / span
    return 0.2  # the lowest class, by one answer


def _choice(question: Question, share: float, dice: Random) -> str:
    wanted = dice.gauss(share, SPREAD) * (question.highest - question.lowest) + question.lowest
    return min(question.options, key=lambda option: abs(option.score - wanted)).key


def _without_losses(definition: Definition) -> Answers:
    return {
        one.key: [option.key]
        for one in definition.questions
        for option in one.options
        if option.most == RiskClass.C0
    }
