"""What one person may ask about, and finding it by typing: in either language, in pinyin, by its initials."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache

from django.conf import settings
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _
from django.utils.translation import override

from crm.runtime.text.search_key import search_key
from crm.staff.models import Staff
from crm.staff.names.pinyin import spellings
from members.rules.catalogue.activities import Activity, Measure, Property, activities, measures
from members.rules.catalogue.fields import Field, fields_for
from members.rules.catalogue.types import Choice

FIELD, DID, CHANGE = "field", "did", "change"  # what a condition can be about: the kinds of options
OTHER, BEHAVIOUR, CHANGES = _("Other"), _("Activity"), _("Change over time")
_LONGEST = 60  # characters that are searched for


@dataclass(frozen=True)
class Option:
    """Something that a condition can be about. `key` is "field:aum", as the form holds it."""

    key: str
    label: Promise | str
    help: Promise | str
    group: Promise | str
    also: tuple[str, ...] = ()


@dataclass
class Catalogue:
    """All that this person may ask about: what is masked for them is not in it."""

    staff: Staff
    _choices: dict[int, dict[str, str]] = field(default_factory=dict)
    _properties: dict[str, list[Property]] = field(default_factory=dict)

    @cached_property
    def fields(self) -> dict[str, Field]:
        return fields_for(self.staff)

    @cached_property
    def activities(self) -> dict[str, Activity]:
        return {name: one for name, one in activities.items() if one.is_plain_to(self.staff)}

    @cached_property
    def measures(self) -> dict[str, Measure]:
        return {name: one for name, one in measures.items() if one.is_plain_to(self.staff)}

    def properties(self, activity: Activity) -> list[Property]:
        """The properties of an activity that this person may ask about."""
        if activity.name not in self._properties:
            self._properties[activity.name] = list(activity.properties_for(self.staff).values())
        return self._properties[activity.name]

    def choices(self, of: Field | Property) -> dict[str, str]:
        """The labels of the choices by value, read once; empty where any text will do."""
        if of.choices is None:
            return {}
        if id(of) not in self._choices:
            self._choices[id(of)] = _labels(of.choices)
        return self._choices[id(of)]

    def options(self) -> Iterable[Option]:
        """Everything a condition can be about, grouped."""
        for name, one in self.fields.items():
            yield Option(f"{FIELD}:{name}", one.label, one.help, one.group or OTHER, one.searched_by)
        for name, activity in self.activities.items():
            yield Option(f"{DID}:{name}", activity.label, activity.did, BEHAVIOUR, activity.searched_by)
        for name, measure in self.measures.items():
            yield Option(f"{CHANGE}:{name}", measure.label, _("Fell or rose within a time"), CHANGES)

    def search(self, typed: str) -> list[tuple[Promise | str, list[Option]]]:
        """What a text finds, by group; all for an empty one. The best comes first, then the shorter."""
        words = [search_key(word) for word in typed[:_LONGEST].split()]
        found = [(_rank(option, words), option) for option in self.options()]
        kept = [(rank, option) for rank, option in found if rank is not None]
        if words:
            kept.sort(key=lambda pair: (pair[0], len(str(pair[1].label))))
        groups: dict[str, list[Option]] = {}
        for _rank_of, option in kept:
            groups.setdefault(str(option.group), []).append(option)
        return list(groups.items())


def _labels(choices: Callable[[], Sequence[Choice]]) -> dict[str, str]:
    return {one.value: str(one.label) for one in choices()}


def _rank(option: Option, words: Sequence[str]) -> int | None:
    """How well an option matches all words: 0 is best; None: it does not."""
    labels, other, sounds = _keys(option)
    worst = 0
    for word in words:
        if any(label.startswith(word) for label in labels):
            rank = 0
        elif any(word in label for label in labels):
            rank = 1
        elif any(sound.startswith(word) for sound in sounds):
            rank = 2
        elif any(word in text for text in other):
            rank = 3
        else:
            return None
        worst = max(worst, rank)
    return worst


_Keys = tuple[tuple[str, ...], tuple[str, ...], frozenset[str]]
_KEYS: dict[str, _Keys] = {}


def _keys(option: Option) -> _Keys:
    """What an option is found by: labels, other words, pinyin. The catalogue does not change in a process."""
    found = _KEYS.get(option.key)
    if found is None:
        labels = tuple(dict.fromkeys(search_key(text) for text in _in_all_languages(option.label)))
        other = (*_in_all_languages(option.help), *option.also, option.key.partition(":")[2])
        sounds = frozenset(sound for label in labels if not label.isascii() for sound in _spellings(label))
        found = _KEYS[option.key] = labels, tuple(search_key(text) for text in other), sounds
    return found


@lru_cache(maxsize=4_000)
def _spellings(label: str) -> frozenset[str]:
    return frozenset(spellings(label))


def _in_all_languages(text: Promise | str) -> list[str]:
    texts = []
    for language, _name in settings.LANGUAGES:
        with override(language):
            texts.append(str(text))
    return texts


def matching_choices(labels: dict[str, str], typed: str, most: int) -> list[tuple[str, str]]:
    """The first `most` choices that a text finds, as (value, label)."""
    word = search_key(typed[:_LONGEST])
    found = []
    for value, label in labels.items():
        if not word or word in search_key(label) or word in search_key(value) or _sounds_like(label, word):
            found.append((value, label))
        if len(found) == most:
            break
    return found


def _sounds_like(label: str, word: str) -> bool:
    return word.isascii() and not label.isascii() and any(one.startswith(word) for one in _spellings(label))
