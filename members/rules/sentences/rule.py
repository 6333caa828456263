"""A rule in one sentence, or as nested lines for pages."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from django.utils.translation import gettext as _

from members.rules.catalogue.activities import activities, measures
from members.rules.catalogue.choices import choices_read_once
from members.rules.catalogue.fields import fields
from members.rules.catalogue.types import Type
from members.rules.language.tree import All, Any_, Changed, Did, FieldIs, Not, Rule
from members.rules.sentences import wording
from members.rules.sentences.did import changed_words, did_words
from members.rules.sentences.field import compared


@dataclass(frozen=True)
class Line:
    """A condition in words, or a group ("all", "any", "not") of lines. `path` is the JSON's."""

    path: str
    kind: str
    text: str
    lines: tuple[Line, ...] = ()


@choices_read_once()
def sentence(rule: Rule) -> str:
    """The whole rule, in the active language, without a full stop."""
    return wording.capitalized(_words(rule))


@choices_read_once()
def parts(rule: Rule) -> Line:
    """The rule as it is nested."""
    match rule:
        case All():
            return Line(rule.path, "all", _("All of:"), tuple(parts(one) for one in rule.rules))
        case Any_():
            return Line(rule.path, "any", _("Any of:"), tuple(parts(one) for one in rule.rules))
        case Not():
            text = _("Not%(note)s:") % {"note": _note(rule.rule)}
            return Line(rule.path, "not", text, (parts(rule.rule),))
        case _:
            return Line(rule.path, "condition", sentence(rule))


def _words(rule: Rule, inside: bool = False) -> str:
    match rule:
        case All() | Any_():
            text = _joined(rule)
            return _("(%(rule)s)") % {"rule": text} if inside and len(rule.rules) > 1 else text
        case Not(rule=Did(measure="times", operator=">=", value=1) as did):
            return did_words(replace(did, operator="=", value=0))
        case Not():
            return _("not (%(rule)s)%(note)s") % {"rule": _words(rule.rule), "note": _note(rule.rule)}
        case FieldIs():
            field = fields[rule.field]
            return compared(
                field.label,
                field.type,
                rule.operator,
                rule.value,
                field.choices,
                field.unit,
                happens=field.happens,
                negated=field.negated,
            )
        case Did():
            return did_words(rule)
        case Changed():
            return changed_words(rule)


def _joined(rule: All | Any_) -> str:
    words = [_words(one, inside=True) for one in rule.rules]
    if len(words) == 1:
        return words[0]
    first = _("; ").join(words[:-1])
    if len(words) == 2:
        text = _("%(first)s, and %(last)s") if isinstance(rule, All) else _("%(first)s, or %(last)s")
    else:
        text = _("%(first)s; and %(last)s") if isinstance(rule, All) else _("%(first)s; or %(last)s")
    return text % {"first": first, "last": words[-1]}


def _note(rule: Rule) -> str:
    """Who matches a negation because something is not known of them."""
    if names := list(dict.fromkeys(_missing(rule))):
        return _(", including members without %(names)s") % {"names": wording.one_of(names)}
    return ""


def _missing(rule: Rule) -> Iterator[str]:
    match rule:
        case All() | Any_():
            for one in rule.rules:
                yield from _missing(one)
        case FieldIs() if rule.operator not in ("missing", "present"):
            field = fields[rule.field]
            if field.type not in (Type.FLAG, Type.SET):
                yield wording.in_sentence(field.label)
        case Did() if rule.measure in ("first", "last"):
            yield wording.in_sentence(activities[rule.activity].label)
        case Changed():
            yield wording.in_sentence(measures[rule.measure].label)
