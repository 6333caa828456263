"""A questionnaire in force and members who answer it, for tests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import Any

from crm.staff.four_eyes import requests
from crm.staff.models import Role
from members.profiles.models import Attempt, Member, Questionnaire, RiskClass
from members.profiles.questionnaires.answer import answer
from members.profiles.questionnaires.links import request_link, token_of
from members.profiles.questionnaires.versions import change
from members.profiles.questionnaires.versions.definition import Definition
from members.profiles.questionnaires.versions.ready_made import ready_made
from members.profiles.questionnaires.versions.score import score
from members.profiles.questionnaires.versions.stored import definition_of, latest
from tests.crm.cast import NOW, staff_of

PHONE = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) MicroMessenger/8.0"


def in_force(now: datetime = NOW, effective_from: date | None = None, **values: Any) -> Questionnaire:
    """A version that compliance proposed and operations approved."""
    made = change.draft(values=ready_made() | values, effective_from=effective_from or now.date(), now=now)
    asked = change.propose(made, reason="yearly review", maker=staff_of(Role.COMPLIANCE), now=now)
    requests.approve(request_id=asked.pk, checker=staff_of(Role.OPERATIONS), opinion="reviewed", now=now)
    return Questionnaire.objects.get(request_id=asked.pk)


def answers_for(made: Definition, risk_class: str) -> dict[str, list[str]]:
    """Answers that give a class: the highest or lowest options, as far as is needed."""
    given = {one.key: [one.options[0].key] for one in made.questions}
    if risk_class == RiskClass.C0:
        return _with_limit(made, given, RiskClass.C0)
    for one in made.questions:  # nothing that limits the class
        given[one.key] = [min((o for o in one.options if not o.most), key=lambda o: o.score).key]
    floor = made.bands[risk_class]
    for one in made.questions:
        if score(made, given).score >= floor:
            break
        for option in sorted((o for o in one.options if not o.most), key=lambda o: o.score):
            given[one.key] = [option.key]
            if score(made, given).score >= floor:
                break
    assert score(made, given).risk_class == risk_class
    return given


def _with_limit(made: Definition, given: dict[str, list[str]], risk_class: str) -> dict[str, list[str]]:
    for one in made.questions:
        for option in one.options:
            if option.most == risk_class:
                return given | {one.key: [option.key]}
    raise AssertionError(f"no option limits to {risk_class}")


def answered(
    row: Member,
    risk_class: str = "C3",
    *,
    version: Questionnaire,
    now: datetime = NOW,
    answers: Mapping[str, Sequence[str]] | None = None,
) -> Attempt:
    """What a member stored who was sent a link and answered at `now`."""
    link = request_link(member_id=row.pk, by=None, now=now)
    return answer(
        token_of(link),
        questionnaire_id=version.pk,
        answers=answers or answers_for(definition_of(version), risk_class),
        device=PHONE,
        language="zh",
        now=now,
    )


def link_for(member_id: int, now: datetime = NOW) -> str:
    """The token of a link to a questionnaire in force."""
    if latest() is None:
        in_force(now)
    return token_of(request_link(member_id=member_id, by=None, now=now))


def form(risk_class: str = "C3") -> dict[str, Any]:
    """What the page of the latest version is sent with."""
    version = latest()
    assert version
    answers = answers_for(definition_of(version), risk_class)
    return {"version": version.pk} | {f"q-{key}": chosen for key, chosen in answers.items()}


def proposal_form(now: datetime = NOW, **changed: str) -> dict[str, str]:
    """What the page of a proposal is sent with: the ready-made questionnaire, valid for 10 months."""
    values = ready_made()
    sent = {f"band_{name}": str(score) for name, score in values["bands"].items()}
    for number, one in enumerate(values["questions"]):
        at = f"q.{number}"
        sent |= {f"{at}.key": one["key"], f"{at}.kind": one["kind"]}
        sent |= {f"{at}.{language}": words for language, words in one["text"].items()}
        for place, option in enumerate(one["options"]):
            here = f"{at}.o.{place}"
            sent |= {f"{here}.{language}": words for language, words in option["text"].items()}
            sent |= {f"{here}.key": option["key"], f"{here}.score": str(option["score"])}
            sent[f"{here}.most"] = option.get("most", "")
    head = {"name": values["name"], "name_en": values["name_en"], "validity_months": "10"}
    day = now.date().isoformat()
    return sent | head | {"effective_from": day, "reason": "yearly review", "do": "propose"} | changed


def withdrawal_form(now: datetime = NOW) -> dict[str, str]:
    """What a withdrawal is sent with; everybody has an assessment that is valid."""
    Member.objects.update(risk_class="C3", risk_assessed_on=now.date())
    return {"reason": "income", "words": "retired last month"}
