"""What a member does besides trading: logins, pages, tasks, questionnaires, signals."""

from __future__ import annotations

import json
from collections.abc import Callable
from random import Random

from crm.demo.world.days import SPAN, leisure_second
from crm.demo.world.lives.account import World
from crm.demo.world.lives.complaints import ANSWERS, RESOLUTIONS
from crm.demo.world.parameters import ANSWERED_WITHIN, CLOSED_WITHIN
from crm.demo.world.places import COMPLAINT_OWNERS
from crm.demo.world.products import SHELF

PAGES_A_LOGIN = 0.3
DEVICES = ("ios", "android", "android", "mini_program", "web")
QUESTIONNAIRE = "2023-1"
OFFICE_SECOND = 54_000  # three in the afternoon
_PAGES = ("/market", "/lessons", "/assets", "/offers", "/support")


class Diary:
    """Writes a member's rows; days outside the span are left out."""

    def __init__(self, world: World, member_id: str, rng: Random) -> None:
        self.world = world
        self.member_id = member_id
        self.rng = rng
        self.device = rng.choice(DEVICES)
        self.assessed: tuple[int, int] | None = None  # (day, class) of the latest questionnaire
        self.opened = (-1, 0)  # (day, second) of the registration
        self.signals = 0
        self.complaints = 0
        self._events = 0

    def event(self, day: int, second: int, name: str, properties: dict[str, object] | None = None) -> None:
        if not 0 <= day < SPAN:
            return
        self._events += 1
        if day == self.opened[0] and second <= self.opened[1] and name != "register":
            second = min(86_399, self.opened[1] + 20 * self._events)
        if name == "login":
            properties = {"device": self.device}
        text = json.dumps(properties, ensure_ascii=False, separators=(",", ":")) if properties else ""
        self.world.rows.by_kind["events"].append(
            (f"{self.member_id}-E{self._events}", self.member_id, self.world.days.at(day, second), name, text)
        )

    def task(self, day: int, task: str) -> None:
        self.event(day, leisure_second(self.rng), "task", {"task": task})

    def logins(self, start: int, end: int, rate: float, second: Callable[[Random], int]) -> None:
        """Logins on days start … end-1 at `rate` a day, some with a page looked at."""
        rng = self.rng
        at = start + rng.expovariate(rate) if rate > 0 else end
        while at < end:
            day, moment = int(at), second(rng)
            self.event(day, moment, "login")
            if rng.random() < PAGES_A_LOGIN:
                path = f"/products/{rng.choice(SHELF).code}" if rng.random() < 0.6 else rng.choice(_PAGES)
                self.event(day, min(86_399, moment + rng.randint(15, 900)), "page", {"path": path})
            at += max(0.4, rng.expovariate(rate))

    def assess(self, day: int, risk: int) -> None:
        """A completed questionnaire; at most one a day."""
        if day >= SPAN or (self.assessed and self.assessed[0] >= day):
            return
        self.assessed = (day, risk)
        self.world.rows.add(
            "risk_assessments", self.member_id, self.world.days.texts[day], f"C{risk}", QUESTIONNAIRE
        )
        self.task(day, "risk_questionnaire")

    def complaint(self, day: int, words: str) -> None:
        """A complaint with what came of it by the end of the span: answered after days, closed after more."""
        if day >= SPAN:
            return
        rng, days = self.rng, self.world.days
        self.complaints += 1
        answered = day + 1 + int(rng.expovariate(1 / ANSWERED_WITHIN))
        closed = answered + int(rng.expovariate(1 / CLOSED_WITHIN))
        told = (days.at(answered, OFFICE_SECOND), rng.choice(ANSWERS)) if answered < SPAN else ("", "")
        ended = (
            (days.at(closed, OFFICE_SECOND + 3600), rng.choice(RESOLUTIONS)) if closed < SPAN else ("", "")
        )
        self.world.rows.add(
            "complaints",
            f"{self.member_id}-K{self.complaints}",
            self.member_id,
            days.at(day, leisure_second(rng)),
            words,
            rng.choice(COMPLAINT_OWNERS),
            *told,
            *ended,
        )

    def signal(self, day: int, kind: str, detail: str) -> None:
        if day >= SPAN:
            return
        self.signals += 1
        at = self.world.days.at(day, leisure_second(self.rng))
        self.world.rows.add("signals", f"{self.member_id}-S{self.signals}", self.member_id, at, kind, detail)
