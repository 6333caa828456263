"""Jobs are called and told as their apps say; what nobody describes goes by its name."""

import pytest

from crm.runtime.extension.labels import Verbatim
from crm.runtime.extension.registry import RegisteredTwice, Registry
from crm.runtime.models import JobRun
from crm.web.jobs import queues, registry, statements
from crm.web.jobs.registry import Family, Job, job_of, register
from crm.web.jobs.runs import latest_by_job
from tests.crm.cast import NOW


@pytest.fixture(autouse=True)
def _nobody_has_registered(monkeypatch):
    monkeypatch.setattr(registry, "_jobs", Registry("job"))
    monkeypatch.setattr(registry, "_families", Registry("family of jobs"))
    monkeypatch.setattr(statements, "_statements", Registry("statement"))
    monkeypatch.setattr(queues, "_queues", Registry("queue"))


def shorn(**detail) -> str:
    JobRun.objects.create(
        name="shear sheep", started_at=NOW, heartbeat_at=NOW, worker="w", done=7, detail=detail
    )
    return latest_by_job()[0].last.outcome


def test_only_facts_that_the_app_has_words_for_are_shown(world):
    register(Job("shear sheep", Verbatim("Shear"), {"wool": Verbatim("kg of wool"), "fed": Verbatim("fed")}))
    assert shorn(wool=1200, samples=[1, 2], trace=["a.py:1"]) == "kg of wool 1,200"


def test_rows_are_the_fact_that_says_so(world):
    register(Job("shear sheep", Verbatim("Shear"), {"wool": Verbatim("wool")}, rows="wool"))
    shorn(wool=1200)
    assert latest_by_job()[0].last.rows == 1200


def test_a_job_that_no_app_describes_goes_by_its_name(world):
    assert shorn(wool=1200) == ""
    job = latest_by_job()[0]
    assert (job.label, job.last.rows) == ("shear sheep", 7)


def test_a_family_names_its_jobs_by_the_rest_of_the_name():
    register(Family("shear ", lambda rest: f"Shear all {rest}"))
    assert job_of("shear lambs").label == "Shear all lambs"


def test_of_two_with_one_name_both_are_named():
    register(Job("shear", Verbatim("Shear")), Family("shear ", str))
    with pytest.raises(RegisteredTwice, match=r"shear \(Shear\) and shear \(Cut\)"):
        register(Job("shear", Verbatim("Cut")))
    with pytest.raises(RegisteredTwice, match="family of jobs"):
        register(Family("shear ", str))
    queues.register("sheep", queues.Queue("SELECT 1", (queues.Count("sheep"),)))
    with pytest.raises(RegisteredTwice, match="queue 'sheep'"):
        queues.register("sheep", queues.Queue("SELECT 1", ()))


def test_statements_are_made_of_the_latest_runs(world):
    statements.register("wool", lambda jobs: ("good", f"{len(jobs)} jobs ran"))
    shorn()
    assert statements.statements(latest_by_job()) == [("good", "1 jobs ran")]
