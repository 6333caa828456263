"""What a version of the questionnaire says: its questions with scores, and the class of each band of scores.

As JSON: `questions` is a list of {key, kind, text, options}, an option {key, text, score, most?}; every text
is {"zh", "en"}. `bands` is {class: lowest score} for C1 to C5. An option with `most` limits the class,
whatever the score: C0 for members who bear no loss at all.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from members.profiles.models import RiskClass

BANDED = tuple(RiskClass.values[1:])  # C0 has no band: only an answer gives it
LANGUAGES = ("zh", "en")
MOST_QUESTIONS, MOST_OPTIONS, LONGEST_TEXT, HIGHEST_SCORE = 20, 8, 300, 100  # a form takes 1,000 fields


class Kind(StrEnum):
    """How many options of a question are chosen; of several the highest score counts."""

    SINGLE = "single"
    MULTIPLE = "multiple"


class Fault(StrEnum):
    """What is wrong with a definition; members.profiles.questionnaires.sentences words each."""

    NOT_A_DEFINITION = "questionnaire_not_a_definition"
    NO_QUESTIONS = "questionnaire_no_questions"
    TOO_MANY_QUESTIONS = "questionnaire_too_many_questions"
    SAME_KEY = "questionnaire_same_key"
    TEXT_MISSING = "questionnaire_text_missing"
    TEXT_TOO_LONG = "questionnaire_text_too_long"
    SAME_TEXT = "questionnaire_same_text"
    FEW_OPTIONS = "questionnaire_few_options"
    MANY_OPTIONS = "questionnaire_many_options"
    BAD_SCORE = "questionnaire_bad_score"
    BAD_LIMIT = "questionnaire_bad_limit"
    BANDS_NOT_RISING = "questionnaire_bands_not_rising"
    BANDS_OUT_OF_REACH = "questionnaire_bands_out_of_reach"
    NO_LOWEST_CLASS = "questionnaire_no_lowest_class"


@dataclass(frozen=True)
class Mistake:
    """A fault and where it is: the numbers (from 1) of the question and the option, 0 for none."""

    fault: Fault
    question: int = 0
    option: int = 0


@dataclass(frozen=True)
class Option:
    key: str
    text: Mapping[str, str]
    score: int
    most: str = ""  # the highest class somebody who chooses it can have; empty: any


@dataclass(frozen=True)
class Question:
    key: str
    kind: Kind
    text: Mapping[str, str]
    options: tuple[Option, ...]

    @property
    def highest(self) -> int:
        return max(option.score for option in self.options)

    @property
    def lowest(self) -> int:
        return min(option.score for option in self.options)


@dataclass(frozen=True)
class Definition:
    questions: tuple[Question, ...]
    bands: Mapping[str, int]

    @property
    def lowest(self) -> int:
        """The lowest score that answers can have."""
        return sum(question.lowest for question in self.questions)

    @property
    def highest(self) -> int:
        return sum(question.highest for question in self.questions)

    def ranges(self) -> list[tuple[str, int, int]]:
        """(class, lowest score, highest score), both included, from C1 to C5."""
        starts = [self.bands[name] for name in BANDED]
        ends = [start - 1 for start in starts[1:]] + [self.highest]
        return list(zip(BANDED, starts, ends, strict=True))


def read(questions: Sequence[Mapping[str, Any]], bands: Mapping[str, int]) -> Definition:
    """The definition of a stored version, or of one without mistakes()."""
    return Definition(
        tuple(
            Question(
                one["key"],
                Kind(one["kind"]),
                one["text"],
                tuple(Option(o["key"], o["text"], o["score"], o.get("most", "")) for o in one["options"]),
            )
            for one in questions
        ),
        {name: bands[name] for name in BANDED},
    )


def mistakes(questions: Any, bands: Any) -> list[Mistake]:
    """Everything that is wrong with a definition, in its order; none: it can be read and used."""
    if not _has_form(questions, bands):
        return [Mistake(Fault.NOT_A_DEFINITION)]
    found = [*_of_questions(questions)]
    if found or not questions:
        return found
    return [*_of_bands(read(questions, bands))]


def _has_form(questions: Any, bands: Any) -> bool:
    """Whether the JSON has the form of a definition: names and types."""
    return (
        isinstance(questions, list)
        and all(_is_question(one) for one in questions)
        and isinstance(bands, dict)
        and set(bands) == set(BANDED)
        and all(type(score) is int for score in bands.values())
    )


def _is_question(one: Any) -> bool:
    return (
        isinstance(one, dict)
        and set(one) == {"key", "kind", "text", "options"}
        and one["kind"] in set(Kind)
        and _is_key(one["key"])
        and _is_text(one["text"])
        and isinstance(one["options"], list)
        and all(_is_option(option) for option in one["options"])
    )


def _is_option(option: Any) -> bool:
    return (
        isinstance(option, dict)
        and {"key", "text", "score"} <= set(option) <= {"key", "text", "score", "most"}
        and _is_key(option["key"])
        and _is_text(option["text"])
        and type(option["score"]) is int
        and isinstance(option.get("most", ""), str)
    )


def _is_key(value: Any) -> bool:
    return isinstance(value, str) and value.isascii() and value.isalnum() and len(value) <= 20


def _is_text(value: Any) -> bool:
    return (
        isinstance(value, dict)
        and set(value) == set(LANGUAGES)
        and all(isinstance(words, str) for words in value.values())
    )


def _of_questions(questions: Sequence[Mapping[str, Any]]) -> Iterator[Mistake]:
    if not questions:
        yield Mistake(Fault.NO_QUESTIONS)
    if len(questions) > MOST_QUESTIONS:
        yield Mistake(Fault.TOO_MANY_QUESTIONS)
    if len({one["key"] for one in questions}) < len(questions):
        yield Mistake(Fault.SAME_KEY)
    for number, one in enumerate(questions, start=1):
        yield from _of_text(one["text"], number, 0)
        yield from _of_options(one["options"], number)


def _of_text(text: Mapping[str, str], question: int, option: int) -> Iterator[Mistake]:
    if not all(words.strip() for words in text.values()):
        yield Mistake(Fault.TEXT_MISSING, question, option)
    if any(len(words) > LONGEST_TEXT for words in text.values()):
        yield Mistake(Fault.TEXT_TOO_LONG, question, option)


def _of_options(options: Sequence[Mapping[str, Any]], question: int) -> Iterator[Mistake]:
    if len(options) < 2:
        yield Mistake(Fault.FEW_OPTIONS, question)
    if len(options) > MOST_OPTIONS:
        yield Mistake(Fault.MANY_OPTIONS, question)
    if len({option["key"] for option in options}) < len(options):
        yield Mistake(Fault.SAME_KEY, question)
    for language in LANGUAGES:
        if len({option["text"][language].strip() for option in options}) < len(options):
            yield Mistake(Fault.SAME_TEXT, question)
            break
    for number, option in enumerate(options, start=1):
        yield from _of_text(option["text"], question, number)
        if not -HIGHEST_SCORE <= option["score"] <= HIGHEST_SCORE:
            yield Mistake(Fault.BAD_SCORE, question, number)
        if option.get("most", "") not in ("", *RiskClass.values):
            yield Mistake(Fault.BAD_LIMIT, question, number)


def _of_bands(made: Definition) -> Iterator[Mistake]:
    starts = [made.bands[name] for name in BANDED]
    if any(low >= high for low, high in zip(starts, starts[1:], strict=False)):
        yield Mistake(Fault.BANDS_NOT_RISING)
    elif starts[0] > made.lowest or starts[-1] > made.highest:
        yield Mistake(Fault.BANDS_OUT_OF_REACH)
    if not any(option.most == RiskClass.C0 for one in made.questions for option in one.options):
        yield Mistake(Fault.NO_LOWEST_CLASS)
