"""Scoring and bands, in Python and in the database, over definitions of every form."""

from __future__ import annotations

import json

import pytest
from django.db import IntegrityError, connection, transaction
from hypothesis import assume, example, given
from hypothesis import strategies as st

from members.profiles.models import RiskClass
from members.profiles.questionnaires.versions.definition import BANDED, Fault, mistakes, read
from members.profiles.questionnaires.versions.ready_made import ready_made
from members.profiles.questionnaires.versions.score import AnswersDoNotFit, score
from tests.harness.examples import examples

CLASSES = st.sampled_from(["", *RiskClass.values])
READY = ready_made()


@st.composite
def questions(draw) -> list[dict]:
    """A few questions with options of any score, some of which limit the class."""
    found = []
    for number in range(draw(st.integers(1, 4))):
        options = []
        for place in range(draw(st.integers(2, 4))):
            option = {
                "key": "abcd"[place],
                "text": {"zh": f"选项{place}", "en": f"option {place}"},
                "score": draw(st.integers(-20, 20)),
            }
            if most := draw(CLASSES):
                option["most"] = most
            options.append(option)
        kind = draw(st.sampled_from(["single", "multiple"]))
        text = {"zh": f"题{number}", "en": f"question {number}"}
        found.append({"key": f"q{number}", "kind": kind, "text": text, "options": options})
    return found


BANDS = st.lists(st.integers(-90, 90), min_size=5, max_size=5, unique=True).map(
    lambda starts: dict(zip(BANDED, sorted(starts), strict=True))
)


def in_database(asked, bands, answers) -> tuple[int, str]:
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT * FROM profiles_risk_result(%s, %s, %s)",
            [json.dumps(asked), json.dumps(bands), json.dumps(answers)],
        )
        return cursor.fetchone()


@pytest.mark.django_db
@examples(60)
@given(asked=questions(), bands=BANDS, data=st.data())
def test_python_and_the_database_agree(asked, bands, data):
    answers = {
        one["key"]: data.draw(
            st.lists(
                st.sampled_from([o["key"] for o in one["options"]]),
                min_size=1,
                max_size=1 if one["kind"] == "single" else None,
                unique=True,
            )
        )
        for one in asked
    }
    found = score(read(asked, bands), answers)
    assert in_database(asked, bands, answers) == (found.score, found.risk_class)
    # The definition of it, once more: sums of the best, the band, the limits.
    chosen = [[o for o in one["options"] if o["key"] in answers[one["key"]]] for one in asked]
    assert found.score == sum(max(o["score"] for o in options) for options in chosen)
    limits = [o["most"] for options in chosen for o in options if "most" in o]
    reached = [name for name, start in bands.items() if start <= found.score] or ["C1"]
    assert found.risk_class == min([*limits, max(reached)])


@examples(60)
@given(asked=questions(), bands=BANDS, data=st.data())
def test_a_higher_score_never_lowers_the_class_where_nothing_limits(asked, bands, data):
    for one in asked:
        for option in one["options"]:
            option.pop("most", None)
    made = read(asked, bands)
    low, high = (
        {one.key: [data.draw(st.sampled_from([o.key for o in one.options]))] for one in made.questions}
        for _ in range(2)
    )
    first, second = score(made, low), score(made, high)
    assume(first.score <= second.score)
    assert first.risk_class <= second.risk_class


@examples(60)
@given(number=st.integers(5, 109))
@example(number=25)
@example(number=26)
@example(number=43)
@example(number=44)
@example(number=61)
@example(number=62)
@example(number=81)
@example(number=82)
def test_every_score_has_one_band_and_bands_meet(number):
    ranges = read(READY["questions"], READY["bands"]).ranges()
    holding = [name for name, low, high in ranges if low <= number <= high]
    assert holding == [max(name for name, start in READY["bands"].items() if start <= number)]


def test_the_ready_made_questionnaire_has_no_mistakes_and_reaches_every_class():
    made = read(READY["questions"], READY["bands"])
    assert mistakes(READY["questions"], READY["bands"]) == []
    assert (made.lowest, made.highest, len(made.questions)) == (5, 109, 12)
    assert all(low <= high for _name, low, high in made.ranges())


@pytest.mark.django_db
@examples(60)
@given(answers=st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["q0", "q1", "x"]), inner),
    max_leaves=6,
))  # fmt: skip
def test_answers_of_any_form_are_refused_by_both_or_by_none(answers):
    asked = [
        {"key": key, "kind": "multiple", "text": {"zh": key, "en": key}, "options": [
            {"key": "a", "text": {"zh": "甲", "en": "a"}, "score": 1},
            {"key": "b", "text": {"zh": "乙", "en": "b"}, "score": 2, "most": "C0"},
        ]}
        for key in ("q0", "q1")
    ]  # fmt: skip
    bands = dict(zip(BANDED, range(5), strict=True))
    try:
        found = score(read(asked, bands), answers) if isinstance(answers, dict) else None
    except (AnswersDoNotFit, TypeError):
        found = None
    if found is None:
        with pytest.raises(IntegrityError), transaction.atomic():
            in_database(asked, bands, answers)
    else:
        assert in_database(asked, bands, answers) == (found.score, found.risk_class)


def broken(change) -> list[Fault]:
    """What is wrong with the ready-made questionnaire after a change of it."""
    values = json.loads(json.dumps(READY))
    change(values)
    return [one.fault for one in mistakes(values["questions"], values["bands"])]


@pytest.mark.parametrize("change, fault", [
    (lambda v: v["questions"].clear(), Fault.NO_QUESTIONS),
    (lambda v: v.update(questions={}), Fault.NOT_A_DEFINITION),
    (lambda v: v["questions"][0].pop("kind"), Fault.NOT_A_DEFINITION),
    (lambda v: v["questions"][0].update(kind="any"), Fault.NOT_A_DEFINITION),
    (lambda v: v["questions"][0].update(key="a b"), Fault.NOT_A_DEFINITION),
    (lambda v: v["questions"][0]["text"].update(fr="Âge"), Fault.NOT_A_DEFINITION),
    (lambda v: v["questions"][0]["options"][0].update(score=1.5), Fault.NOT_A_DEFINITION),
    (lambda v: v["questions"][0]["options"][0].update(score=True), Fault.NOT_A_DEFINITION),
    (lambda v: v["bands"].pop("C3"), Fault.NOT_A_DEFINITION),
    (lambda v: v["bands"].update(C0=0), Fault.NOT_A_DEFINITION),
    (lambda v: v["questions"].extend(v["questions"]), Fault.TOO_MANY_QUESTIONS),
    (lambda v: v["questions"][1].update(key="age"), Fault.SAME_KEY),
    (lambda v: v["questions"][0]["text"].update(en=" "), Fault.TEXT_MISSING),
    (lambda v: v["questions"][0]["text"].update(en="x" * 301), Fault.TEXT_TOO_LONG),
    (lambda v: v["questions"][0]["options"][0]["text"].update(v["questions"][0]["options"][1]["text"]),
     Fault.SAME_TEXT),
    (lambda v: v["questions"][0].update(options=v["questions"][0]["options"][:1]), Fault.FEW_OPTIONS),
    (lambda v: v["questions"][0]["options"][0].update(score=101), Fault.BAD_SCORE),
    (lambda v: v["questions"][0]["options"][0].update(most="C9"), Fault.BAD_LIMIT),
    (lambda v: v["bands"].update(C2=44), Fault.BANDS_NOT_RISING),
    (lambda v: v["bands"].update(C1=6), Fault.BANDS_OUT_OF_REACH),
    (lambda v: v["bands"].update(C5=110), Fault.BANDS_OUT_OF_REACH),
    (lambda v: v["questions"][10]["options"][0].pop("most"), Fault.NO_LOWEST_CLASS),
])  # fmt: skip
def test_every_mistake_is_named(change, fault):
    assert fault in broken(change)
