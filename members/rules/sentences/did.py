"""What members did, and how a measure moved, in words."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.web import formats
from members.rules.catalogue.activities import Activity, activities, measures
from members.rules.catalogue.types import Type
from members.rules.language.operators import holds
from members.rules.language.tree import Changed, Did, Period, PropertyIs, Span
from members.rules.sentences import wording
from members.rules.sentences.field import compared


def did_words(rule: Did) -> str:
    """ "made a transaction (type is Buy) at least 3 times in the last 90 days"."""
    activity = activities[rule.activity]
    where, period = _where(rule, activity), _period(rule.period)
    said = {"did": f"{activity.did}{where}", "period": period}
    if rule.measure == "times":
        return _times(rule, said)
    if rule.measure == "sum":
        return _sum(rule, activity, where, period)
    said["days"] = wording.days(rule.operator, rule.value)
    if rule.measure == "first":
        return _("first %(did)s %(days)s%(period)s") % said
    return _("last %(did)s %(days)s%(period)s") % said


def _times(rule: Did, said: dict[str, str]) -> str:
    if (rule.operator, rule.value) == ("=", 0):
        return (_("has not %(did)s%(period)s") if rule.period.operator else _("has never %(did)s")) % said
    if (rule.operator, rule.value) == (">=", 1):
        return _("%(did)s%(period)s") % said
    last = rule.value[1] if isinstance(rule.value, tuple) else rule.value
    number = wording.times(rule.operator, rule.value)
    times = ngettext("%(number)s time", "%(number)s times", last) % {"number": number}
    note = _(" (none included)") if holds(rule.operator, 0, rule.value) else ""
    return _("%(did)s %(times)s%(period)s%(note)s") % {**said, "times": times, "note": note}


def _sum(rule: Did, activity: Activity, where: str, period: str) -> str:
    summed = next(one for one in activity.properties if one.name == rule.property)
    return _("%(activity)s%(period)s: total %(property)s %(sum)s%(note)s") % {
        "activity": wording.in_sentence(activity.label) + where,
        "period": period,
        "property": wording.in_sentence(summed.label),
        "sum": wording.numbers(rule.operator, rule.value, lambda one: wording.amount(one, summed.type)),
        "note": _(" (none counts as 0)") if holds(rule.operator, 0, rule.value) else "",
    }


def _where(rule: Did, activity: Activity) -> str:
    if not rule.where:
        return ""
    words = [_property(one, activity) for one in rule.where]
    return _(" (%(conditions)s)") % {"conditions": _("; ").join(words)}


def _property(one: PropertyIs, activity: Activity) -> str:
    known = next(property for property in activity.properties if property.name == one.property)
    if not known.open:
        return compared(known.label, known.type, one.operator, one.value, known.choices)
    if isinstance(one.value, bool):
        type = Type.FLAG
    elif (
        one.value is None
        or isinstance(one.value, str)
        or isinstance(one.value, tuple)
        and (isinstance(one.value[0], str))
    ):
        type = Type.TEXT
    else:
        type = Type.NUMBER
    return compared(wording.quoted(one.key), type, one.operator, one.value)


def _period(period: Period) -> str:
    if not period.operator:
        return ""
    if period.operator == "between":
        first, last = (wording.day(one) for one in period.value)
        return _(" from %(first)s to %(last)s") % {"first": first, "last": last}
    if period.operator != "within_last":
        text = _(" since %(day)s") if period.operator == "since" else _(" before %(day)s")
        return text % {"day": wording.day(period.value)}
    if period.value == Span():
        return _(" today")
    return _(" in the last %(span)s") % {"span": wording.length(period.value)}


def changed_words(rule: Changed) -> str:
    """ "assets fell by at least 30% within 14 days"."""
    measure = measures[rule.measure]
    by = formats.full_share(rule.value) if rule.by == "share" else wording.amount(rule.value, measure.type)
    text = (
        _("%(measure)s fell by at least %(by)s within %(span)s")
        if rule.direction == "fell"
        else _("%(measure)s rose by at least %(by)s within %(span)s")
    )
    return text % {
        "measure": wording.in_sentence(measure.label),
        "by": by,
        "span": wording.length(rule.within),
    }
