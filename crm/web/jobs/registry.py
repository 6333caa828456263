"""Jobs as their apps describe them: what they are called, which of the facts that a run notes are shown."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field

from crm.runtime.extension.labels import Label, Verbatim, untranslated
from crm.runtime.extension.registry import Registry


@dataclass(frozen=True)
class Job:
    """A job by the name its runs are recorded under (crm.runtime.background.jobs.record).

    `facts` are the counts a run notes as details, in the reader's words; others are not shown. `rows` is the
    one of them that says how many rows a run took; without it, that is how far the run got.
    """

    name: str
    label: Label
    facts: Mapping[str, Label] = field(default_factory=dict)
    rows: str = ""

    def __str__(self) -> str:
        return f"{self.name} ({self.label})"


@dataclass(frozen=True)
class Family:
    """Jobs whose names begin alike; `label` is given the rest of the name."""

    prefix: str
    label: Callable[[str], str]
    facts: Mapping[str, Label] = field(default_factory=dict)
    rows: str = ""

    def __str__(self) -> str:
        return f"{self.prefix}… ({self.label.__module__})"

    def job(self, name: str) -> Job:
        """The job of this name."""
        return Job(name, Verbatim(self.label(name.removeprefix(self.prefix))), self.facts, self.rows)


def _judge(job: Job) -> Iterator[str]:
    yield from untranslated(job.label, *job.facts.values())


_jobs: Registry[Job] = Registry("job", _judge)
_families: Registry[Family] = Registry("family of jobs", lambda family: untranslated(*family.facts.values()))


def register(*jobs: Job | Family) -> None:
    """Publish the jobs of an app (from AppConfig.ready). Raises RegisteredTwice."""
    for job in jobs:
        if isinstance(job, Family):
            _families.add(job.prefix, job)
        else:
            _jobs.add(job.name, job)


def job_of(name: str) -> Job:
    """The job of this name; one that no app has registered is called by its name and shows no facts."""
    if job := _jobs.get(name):
        return job
    family = next((one for one in _families.values() if name.startswith(one.prefix)), None)
    return family.job(name) if family else Job(name, Verbatim(name))
