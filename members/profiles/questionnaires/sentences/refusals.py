"""Why something about questionnaires is refused, in words."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from members.profiles.questionnaires import answer, links, withdraw
from members.profiles.questionnaires.versions import change
from members.profiles.questionnaires.versions.definition import Fault, Mistake

REFUSALS: dict[str, Promise] = {
    links.Refusal.NOT_OFFERED: gettext_lazy(
        "The operator role of this platform does not allow risk questionnaires: "
        "the licensed institution runs them."
    ),
    links.Refusal.NO_VERSION: gettext_lazy("No version of the risk questionnaire is in force yet."),
    links.Refusal.NOT_REGISTERED: gettext_lazy("Only registered members can answer the risk questionnaire."),
    links.Refusal.LIMIT_REACHED: gettext_lazy(
        "This member has reached the limit of 2 assessments a day and 8 in 12 months. Next possible: %(day)s."
    ),
    answer.Refusal.LINK_ENDED: gettext_lazy("This link has expired. Ask for a new one."),
    answer.Refusal.VERSION_CHANGED: gettext_lazy(
        "The questionnaire has changed since you opened it. Please go through it once more."
    ),
    answer.Refusal.LIMIT_REACHED: gettext_lazy(
        "You have already answered the questionnaire as often as is allowed. Your answers were not saved."
    ),
    withdraw.Refusal.NOTHING_VALID: gettext_lazy("This member has no valid assessment to withdraw."),
    change.Refusal.NO_CHANGES: gettext_lazy("This is what the latest version already says."),
    change.Refusal.NAME_MISSING: gettext_lazy("Enter the name in both languages."),
    change.Refusal.TOO_EARLY: gettext_lazy(
        "The effective date cannot be in the past or before the latest approved version."
    ),
    change.Refusal.VALIDITY: gettext_lazy("Validity is 1 to %(months)s months: it can be shortened only."),
    change.Refusal.BASE_CHANGED: gettext_lazy("Another version has been approved since. Propose again."),
}
MISTAKES: dict[Fault, Promise] = {
    Fault.NOT_A_DEFINITION: gettext_lazy("This is not a questionnaire."),
    Fault.NO_QUESTIONS: gettext_lazy("Add at least one question."),
    Fault.TOO_MANY_QUESTIONS: gettext_lazy("At most 20 questions."),
    Fault.SAME_KEY: gettext_lazy("Two have the same key."),
    Fault.TEXT_MISSING: gettext_lazy("Enter the text in both languages."),
    Fault.TEXT_TOO_LONG: gettext_lazy("At most 300 characters."),
    Fault.SAME_TEXT: gettext_lazy("Two options have the same text."),
    Fault.FEW_OPTIONS: gettext_lazy("Add at least two options."),
    Fault.MANY_OPTIONS: gettext_lazy("At most 8 options."),
    Fault.BAD_SCORE: gettext_lazy("A score is a whole number from −100 to 100."),
    Fault.BAD_LIMIT: gettext_lazy("The highest class is one of C0 to C5."),
    Fault.BANDS_NOT_RISING: gettext_lazy("The scores of the classes have to rise from C1 to C5."),
    Fault.BANDS_OUT_OF_REACH: gettext_lazy(
        "C1 has to begin at or below the lowest possible score, and C5 at or below the highest."
    ),
    Fault.NO_LOWEST_CLASS: gettext_lazy(
        "At least one option has to limit the class to C0, for members who can bear no loss."
    ),
}


def mistake_text(mistake: Mistake) -> str:
    """A mistake of a definition with its place."""
    words = str(MISTAKES[mistake.fault])
    if mistake.option:
        place = _("Question %(question)s, option %(option)s") % {
            "question": mistake.question,
            "option": mistake.option,
        }
    elif mistake.question:
        place = _("Question %(question)s") % {"question": mistake.question}
    else:
        return words
    return _("%(place)s: %(words)s") % {"place": place, "words": words}
