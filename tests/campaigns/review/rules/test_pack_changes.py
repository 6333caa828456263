"""A draft of rules: edited in turn, tried on stored copy, published by two people, in effect on its day."""

from datetime import timedelta

import pytest
from django.db import IntegrityError, connection, transaction

from campaigns.review.models import CopyVersion, PackDraft, PackExample, PackTrial, RulePack
from campaigns.review.pack_changes import draft, publish_version, trial
from campaigns.review.pack_changes.compare import failed_examples, try_text
from campaigns.review.pack_changes.draft import Refusal, RulesRefused
from campaigns.review.pack_changes.rescan import pending, rescan
from campaigns.review.rules.effective import pack_at
from campaigns.review.wording.check import check
from campaigns.review.wording.documents import Copy
from crm.runtime import clock
from crm.staff.four_eyes import requests
from crm.staff.models import Role
from crm.staff.permissions import NotAllowed
from tests.campaigns.delivery.town import version as approved_copy
from tests.campaigns.review.rules.town import NOW, RULE
from tests.crm.cast import staff_of

pytestmark = pytest.mark.django_db

TODAY = clock.day_of(NOW)


def officer():
    return staff_of(Role.COMPLIANCE)


def drafted(entry=RULE, *, staff=None, revision=0, **given):
    return draft.save_rule(
        "cn", entry["id"], entry, revision=revision, staff=staff or officer(), now=NOW, **given
    )


def proposed(maker, made, day=TODAY):
    trial.run_if_few(trial.request_trial(made, staff=maker, now=NOW), NOW)
    return publish_version.propose(
        made, effective_from=day, reason="house rule", maker=maker, revision=made.revision, now=NOW
    )


def published(day=TODAY, entry=RULE):
    maker = officer()
    request = proposed(maker, drafted(entry, staff=maker), day)
    requests.approve(request_id=request.pk, checker=officer(), opinion="agreed", now=NOW)
    return RulePack.objects.get(request_id=request.pk)


def flags(text, now=NOW, name="cn"):
    return {one.rule.id for one in check(Copy(text), pack_at(name, now))}


def test_an_approved_draft_is_in_effect_from_its_day_on():
    version = published(TODAY + timedelta(days=3))
    assert version.version == f"{version.base.version}.1"
    assert (version.maker, version.approver) != (None, None)
    assert version.rules.count() == version.base.rules.count() + 1
    assert version.bases.count() == version.base.bases.count()
    assert not PackDraft.objects.exists()
    assert flags("组合的压舱石") == set()
    assert flags("组合的压舱石", NOW + timedelta(days=3)) == {"X01.house"}
    assert flags("组合的压舱石", NOW + timedelta(days=3), "intl") == {"X01.house"}
    assert pack_at("intl", NOW + timedelta(days=3)).version.endswith(f"+{version.version}")
    assert flags("稳赚不赔", NOW + timedelta(days=3)) == flags("稳赚不赔")


def test_a_rule_is_changed_and_removed():
    base = RulePack.objects.in_effect("cn", TODAY)
    entry = base.rules.get(code="W19.insider").content
    removed = published(entry={**entry, "severity": "warn"})
    assert removed.rules.get(code="W19.insider").severity == "warn"
    assert removed.rules.get(code="W19.insider").position == base.rules.get(code="W19.insider").position
    made = draft.save_rule("cn", "W19.insider", None, revision=0, staff=officer(), now=NOW)
    assert "W19.insider" not in {rule.id for rule in draft.compiled_draft(made.base, made.changes, NOW).rules}


def test_the_second_of_two_editors_is_told():
    made = drafted()
    with pytest.raises(RulesRefused, match=Refusal.EDITED_MEANWHILE):
        drafted({**RULE, "severity": "warn"})
    again = drafted({**RULE, "severity": "warn"}, revision=made.revision)
    assert again.changes["rules"]["X01.house"]["severity"] == "warn"


@pytest.mark.parametrize(
    ("entry", "fault"),
    [
        ({**RULE, "patterns": ["保(本"]}, "not closed"),
        ({**RULE, "severity": "fatal"}, "fatal"),
        ({key: value for key, value in RULE.items() if key != "why_en"}, "why_en"),
        ({**RULE, "patterns": ["保本"] * 201}, "201|200"),
    ],
)
def test_a_rule_that_cannot_be_read_is_refused_with_its_fault(entry, fault):
    with pytest.raises(RulesRefused, match=fault):
        drafted(entry)
    assert not PackDraft.objects.exists()


def test_a_new_rule_takes_no_code_that_is_there_and_what_is_the_same_is_no_change():
    base = RulePack.objects.in_effect("cn", TODAY)
    entry = base.rules.get(code="W19.insider").content
    with pytest.raises(RulesRefused, match=Refusal.CODE_TAKEN):
        drafted(entry, is_new=True)
    assert not draft.has_changes(drafted(entry))


def test_who_may_and_who_may_not():
    with pytest.raises(NotAllowed):
        drafted(staff=staff_of(Role.OPERATIONS))
    maker = officer()
    request = proposed(maker, drafted(staff=maker))
    with pytest.raises(requests.CannotDecide):
        requests.approve(request_id=request.pk, checker=maker, opinion="mine", now=NOW)


def test_nothing_is_proposed_without_a_trial_of_exactly_this_draft():
    maker = officer()
    made = drafted(staff=maker)
    ask = {"effective_from": TODAY, "reason": "r", "maker": maker, "now": NOW}
    with pytest.raises(RulesRefused, match=Refusal.PREVIEW_REQUIRED):
        publish_version.propose(made, revision=1, **ask)
    trial.run_if_few(trial.request_trial(made, staff=maker, now=NOW), NOW)
    changed = drafted({**RULE, "severity": "warn"}, staff=maker, revision=1)
    with pytest.raises(RulesRefused, match=Refusal.PREVIEW_REQUIRED):
        publish_version.propose(changed, revision=2, **ask)
    with pytest.raises(RulesRefused, match=Refusal.TOO_EARLY):
        publish_version.propose(changed, revision=2, **ask | {"effective_from": TODAY - timedelta(days=1)})


def test_a_request_on_an_older_version_is_returned():
    maker, other = officer(), officer()
    first = proposed(maker, drafted(staff=maker))
    second = proposed(other, drafted({**RULE, "severity": "warn"}, staff=other, revision=1))
    requests.approve(request_id=first.pk, checker=other, opinion="agreed", now=NOW)
    with pytest.raises(requests.BasisChanged):
        requests.approve(request_id=second.pk, checker=maker, opinion="agreed", now=NOW)


def test_no_direct_sql_publishes_what_was_not_approved():
    version = published()
    values = {"name": "cn", "number": 99, "effective_from": TODAY, "content_hash": version.content_hash}
    for lie in ({"changes": {"rules": {}}}, {"base": version.base}, {"maker": version.approver}):
        given = {
            "base": version.base, "changes": version.changes, "maker": version.maker,
            "approver": version.approver, "request_id": version.request_id, "version": "9",
        } | lie  # fmt: skip
        with pytest.raises(IntegrityError), transaction.atomic():
            RulePack.objects.create(**values, **given)
    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO review_packrule (pack_id, position, code, is_document, content)"
            """ SELECT id, 9999, 'y', false, '{"category": "x", "severity": "warn"}' FROM review_rulepack"""
            " WHERE request_id IS NOT NULL"
        )


def test_a_trial_tells_what_stored_copy_is_newly_flagged_or_released():
    flagged = approved_copy(body="【长青财富】债券是组合的压舱石，净值每日变动。回复T退订")
    approved_copy()
    maker = officer()
    found = trial.request_trial(drafted(staff=maker), staff=maker, now=NOW)
    assert trial.run_if_few(found, NOW)
    assert (found.result["total"], found.result["added"], found.result["released"]) == (2, 1, 0)
    [shown] = found.result["shown"]
    assert (shown["version"], shown["added"][0]["text"]) == (flagged.pk, "压舱石")
    assert found.result["failed_count"] == 0
    assert found.result["examples"] == PackExample.objects.filter(name="cn").count() > 1000
    assert trial.request_trial(PackDraft.objects.get(), staff=maker, now=NOW) == found
    assert PackTrial.objects.count() == 1


def test_examples_fail_where_a_rule_that_they_need_is_gone():
    made = draft.save_rule("cn", "W19.insider", None, revision=0, staff=officer(), now=NOW)
    pack = draft.compiled_draft(made.base, made.changes, NOW)
    examples = PackExample.objects.filter(name="cn", category="insider_tip")
    assert {one.category for one in failed_examples(examples, pack)} == {"insider_tip"}
    told = try_text("内部消息，组合的压舱石", pack_at("cn", NOW), pack)
    assert [word for _one, word in told] == ["released"]


def test_on_the_day_of_effect_approved_copy_that_is_newly_flagged_lapses():
    flagged = approved_copy(body="【长青财富】债券是组合的压舱石，净值每日变动。回复T退订")
    kept = approved_copy()
    rescan(NOW)
    assert pending(NOW) == []
    later = NOW + timedelta(days=3)
    published(TODAY + timedelta(days=3))
    assert pending(NOW) == []
    assert {pack.name for pack in pending(later)} == {"cn", "intl"}
    assert rescan(later).lapsed == 1
    assert pending(later) == []
    states = dict(CopyVersion.objects.values_list("pk", "lapse_reason"))
    assert states == {flagged.pk: "rule_pack", kept.pk: ""}
