"""Score and class of answers. The database computes the same for an attempt (profiles_risk_result)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from members.profiles.models import RiskClass
from members.profiles.questionnaires.versions.definition import BANDED, Definition, Kind, Question

Answers = Mapping[str, Sequence[str]]  # {key of a question: keys of the options chosen}


@dataclass(frozen=True)
class Result:
    score: int
    risk_class: str


class AnswersDoNotFit(ValueError):
    """Answers that are none to these questions; `questions` are the keys of those left open or wrong."""

    def __init__(self, questions: Sequence[str]) -> None:
        super().__init__(f"no answer that fits: {', '.join(questions)}")
        self.questions = tuple(questions)


def score(definition: Definition, answers: Answers) -> Result:
    """What the answers come to: each question is answered once, with options that it has.

    The score is the sum over the questions; of several options of one question the highest counts. The class
    is that of the highest band whose score is reached, and no higher than any option chosen allows. Raises
    AnswersDoNotFit.
    """
    open_or_wrong = [one.key for one in definition.questions if not _fits(one, answers.get(one.key, ()))]
    strange = sorted(set(answers) - {one.key for one in definition.questions})
    if open_or_wrong or strange:
        raise AnswersDoNotFit([*open_or_wrong, *strange])
    chosen = [
        [option for option in one.options if option.key in answers[one.key]] for one in definition.questions
    ]
    total = sum(max(option.score for option in options) for options in chosen)
    reached = [name for name in BANDED if definition.bands[name] <= total] or [str(RiskClass.C1)]
    limits = [option.most for options in chosen for option in options if option.most]
    return Result(total, min([reached[-1], *limits]))


def _fits(question: Question, given: Sequence[str]) -> bool:
    known = {option.key for option in question.options}
    if not given or len(set(given)) < len(given) or not set(given) <= known:
        return False
    return question.kind is Kind.MULTIPLE or len(given) == 1
