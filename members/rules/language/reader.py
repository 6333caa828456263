"""What parsing shares: who asks, the mistakes found so far, and the objects of the JSON read key by key."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeVar

from crm.staff.models import Staff
from members.rules.catalogue.activities import Activity, Measure, Property, activities, measures
from members.rules.catalogue.fields import Field, fields, fields_for
from members.rules.catalogue.hidden_choices import NAMING, hidden_choices
from members.rules.language.errors import MOST_MISTAKES, BadRule, BadRules, Mistake
from members.rules.language.json_text import JsonObject
from members.rules.language.near import listed, nearest, shown
from members.rules.language.operators import Shape

Found = TypeVar("Found")


@dataclass
class Reader:
    """One reading of one rule. `staff`: what is not plain to this person does not exist; None: all does."""

    staff: Staff | None = None
    mistakes: list[BadRule] = field(default_factory=list)
    conditions: int = 0

    def __post_init__(self) -> None:
        staff = self.staff
        self.fields: Mapping[str, Field] = fields if staff is None else fields_for(staff)
        self.activities: Mapping[str, Activity] = {
            name: one for name, one in activities.items() if staff is None or one.is_plain_to(staff)
        }
        self.measures: Mapping[str, Measure] = {
            name: one for name, one in measures.items() if staff is None or one.is_plain_to(staff)
        }

    def properties(self, activity: Activity) -> dict[str, Property]:
        """Those that this person may ask about."""
        if self.staff is None:
            return {one.name: one for one in activity.properties}
        return activity.properties_for(self.staff)

    def operators(self, of: Field | Property, known: Mapping[str, Shape], asked: Any) -> Mapping[str, Shape]:
        """Those that tell of no choice that this person does not see; `of` as registered."""
        if asked in list(NAMING) or not hidden_choices(of, self.staff):
            return known
        return {name: shape for name, shape in known.items() if name in NAMING}

    def fault(self, mistake: BadRule) -> None:
        """Keep a mistake. Raises BadRules once there are more than anybody reads."""
        self.mistakes.append(mistake)
        if len(self.mistakes) >= MOST_MISTAKES:
            raise BadRules(self.mistakes)

    def attempt(self, parse: Callable[..., Found], *given: Any, **named: Any) -> Found | None:
        """What `parse` makes of it; None with its mistake kept."""
        try:
            return parse(*given, **named)
        except BadRule as mistake:
            self.fault(mistake)
            return None

    def keys(self, data: Mapping[str, Any], path: str, needed: Iterable[str], other: Iterable[str]) -> bool:
        """Keep what is wrong with the keys of an object; whether all that are `needed` are there."""
        needed, known = list(needed), [*needed, *other]
        for key in data.twice if isinstance(data, JsonObject) else ():
            self.fault(BadRule(path, Mistake.TWICE, key=shown(key)))
        for key in data:
            if key not in known:
                self.fault(
                    BadRule(step(path, key), Mistake.UNKNOWN_KEY, key=shown(key), keys=listed(known, key))
                )
        missing = [key for key in needed if key not in data]
        for key in missing:
            self.fault(BadRule(path, Mistake.MISSING_KEY, key=key))
        return not missing

    def named(self, name: Any, path: str, known: Mapping[str, Found], code: str) -> Found | None:
        """The entry of this name; None with the mistake kept, which tells what would be right."""
        if isinstance(name, str) and name in known:
            return known[name]
        near = nearest(name, known)
        if code == Mistake.UNKNOWN_FIELD and near:
            self.fault(BadRule(path, Mistake.UNKNOWN_FIELD_NEAR, name=shown(name), near=near))
        else:
            self.fault(BadRule(path, code, name=shown(name), names=listed(known, name)))
        return None


def step(path: str, key: Any) -> str:
    """The path of a key within an object: $.a, or $["odd key"]."""
    return (
        f"{path}.{key}"
        if isinstance(key, str) and key.isidentifier() and len(key) < 60
        else (f'{path}["{shown(key)}"]')
    )
