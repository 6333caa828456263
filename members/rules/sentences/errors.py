"""What is wrong with a rule, in sentences; crm.runtime.errors.error_text words a mistake."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from members.rules.language.errors import Mistake

ERRORS: dict[str, Promise] = {
    Mistake.NOT_JSON: _("This is not valid JSON (line and column %(where)s)."),
    Mistake.NOT_A_RULE: _("“%(value)s” is not a condition. Use an object with one of: %(kinds)s."),
    Mistake.TOO_DEEP: _("Conditions are nested too deeply: at most %(most)s levels."),
    Mistake.TOO_MANY: _("Too many conditions: at most %(most)s."),
    Mistake.TOO_MANY_PROPERTIES: _("Too many properties: at most %(most)s."),
    Mistake.EMPTY: _("Enter a list of at least one condition."),
    Mistake.TWICE: _("“%(key)s” appears more than once."),
    Mistake.UNKNOWN_KEY: _("“%(key)s” is not known here. Use one of: %(keys)s."),
    Mistake.MISSING_KEY: _("“%(key)s” is missing."),
    Mistake.ONE_MEASURE: _("Use only one of: %(names)s."),
    Mistake.UNKNOWN_FIELD: _("Unknown field “%(name)s”. Use one of: %(names)s."),
    Mistake.UNKNOWN_FIELD_NEAR: _("Unknown field “%(name)s”. Did you mean “%(near)s”?"),
    Mistake.UNKNOWN_ACTIVITY: _("Unknown activity “%(name)s”. Use one of: %(names)s."),
    Mistake.UNKNOWN_PROPERTY: _("Unknown property “%(name)s”. Use one of: %(names)s."),
    Mistake.UNKNOWN_MEASURE: _("Unknown measure “%(name)s”. Use one of: %(names)s."),
    Mistake.NO_KEY: _("Name a key of the property, such as “%(property)s.page”."),
    Mistake.NOT_SUMMED: _("Nothing of “%(activity)s” can be summed."),
    Mistake.UNKNOWN_OPERATOR: _("Operator “%(name)s” cannot be used here. Use one of: %(names)s."),
    Mistake.UNKNOWN_PERIOD: _("“%(name)s” is not a period. Use an object with one of: %(names)s."),
    Mistake.TAKES_NO_VALUE: _("“%(operator)s” takes no value."),
    Mistake.NOT_A_NUMBER: _("“%(value)s” is not a number. Enter a number such as 30."),
    Mistake.NOT_WHOLE: _("“%(value)s” is not a whole number from 0 to %(most)s."),
    Mistake.NUMBER_RANGE: _("“%(value)s” is out of range."),
    Mistake.SHARE_RANGE: _("Enter a share above 0%% and up to %(most)s%%."),
    Mistake.AMOUNT_RANGE: _("Enter an amount above 0."),
    Mistake.NOT_A_PAIR: _("“%(value)s” is not a list of two values, the lower one first."),
    Mistake.LOW_ABOVE_HIGH: _("“%(low)s” is above “%(high)s”. Put the lower one first."),
    Mistake.NOT_TEXT: _("“%(value)s” is not a text. Put it in quotation marks."),
    Mistake.BAD_TEXT: _("“%(value)s” is empty or contains characters that cannot be stored."),
    Mistake.TOO_LONG: _("This is too long: at most %(most)s."),
    Mistake.NOT_A_LIST: _("“%(value)s” is not a list of at least one value."),
    Mistake.NOT_CHOSEN: _("“%(value)s” is not valid. Use one of: %(choices)s."),
    Mistake.NOT_A_DAY: _("“%(value)s” is not a day. Enter a day such as 2026-11-28."),
    Mistake.DAY_RANGE: _("Enter a day from %(first)s to %(last)s."),
    Mistake.NOT_A_SPAN: _('“%(value)s” is not a length of time. Enter one such as {"days": 30}.'),
    Mistake.SPAN_RANGE: _("“%(value)s” is not a whole number from %(least)s to %(most)s."),
    Mistake.NO_HOURS: _('Only instants can be compared by hours. Enter days such as {"days": 30}.'),
    Mistake.NOT_A_FLAG: _("“%(value)s” is not valid. Enter true or false."),
    Mistake.CYCLE: _("“%(value)s” leads back to itself."),
    Mistake.NOT_EVALUATED: _("This rule could not be evaluated."),
    Mistake.HISTORY_BEGINS: _("What is asked of “%(field)s” is not known before %(first)s."),
    Mistake.NO_HISTORY: _("“%(field)s” has no history, so it cannot be asked as of a past day."),
}
