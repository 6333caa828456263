"""Why a badge or quest is refused, in words."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from members.loyalty.incentives.compliance.basis import BASES, Basis, Refused
from members.loyalty.incentives.compliance.judge import Finding
from members.loyalty.incentives.configure import Refusal

REFUSALS: dict[str, Promise] = {
    Refusal.NO_NAME: gettext_lazy("Enter a name of up to %(most)d characters."),
    Refusal.BAD_CODE: gettext_lazy(
        "Enter a code of lowercase letters, digits and underscores that starts with a letter."
    ),
    Refusal.CODE_TAKEN: gettext_lazy("Another badge or quest has this code."),
    Refusal.NO_STEPS: gettext_lazy("A quest needs at least one step; a badge has none."),
    Refusal.TOO_MANY_STEPS: gettext_lazy("A quest has at most %(most)d steps."),
    Refusal.NO_REWARDED_STEP: gettext_lazy("Choose at least one step on which the points depend."),
    Refusal.BUDGET_TOO_SMALL: gettext_lazy("The budget is smaller than the points of one member."),
    Refusal.SAME_STAGE: gettext_lazy("Choose two different stages."),
    Refusal.IN_THE_PAST: gettext_lazy("The effective date cannot be in the past."),
    Refusal.NO_CHANGES: gettext_lazy("This is already the latest version."),
    Refusal.BASE_CHANGED: gettext_lazy("Another version has been approved since. Propose the change again."),
    Refusal.NAMES_ITSELF: gettext_lazy("The rule leads back to this badge or quest."),
    Refusal.NOT_COMPLIANT: gettext_lazy("Compliance rules do not allow this reward."),
}
REASONS: dict[Refused, Promise] = {
    Refused.GIFT_FOR_BUYING: gettext_lazy(
        "Points may not depend on buying, holding or assets (W15, inducement). Keep it as a badge or a step "
        "without points."
    ),
    Refused.GIFT_FOR_REFERRAL: gettext_lazy(
        "Points may not depend on referrals (W15, inducement). Keep it as a badge or a step without points."
    ),
    Refused.NOT_REVIEWED: gettext_lazy(
        "Points may only depend on learning, the questionnaire, logins and the member's own record (W15, "
        "inducement)."
    ),
    Refused.ABOVE_RISK_CLASS: gettext_lazy(
        "A product, or a risk above R1, does not suit every member. It may not be rewarded, not even with a "
        "badge."
    ),
    Refused.RISK_ANSWER: gettext_lazy(
        "Completing the questionnaire may be rewarded, a particular result may not."
    ),
}


def finding_text(finding: Finding) -> str:
    """The place, the reason and its legal basis."""
    words = _("%(place)s: %(reason)s %(basis)s")
    return words % {
        "place": finding.place,
        "reason": REASONS[finding.refused],
        "basis": basis_text(BASES[finding.refused]),
    }


def basis_text(bases: Sequence[Basis]) -> str:
    """Legal bases; those that were not read are to be confirmed by compliance."""
    law = "; ".join(one.text for one in bases if one.is_law)
    others = "; ".join(one.text for one in bases if not one.is_law)
    parts = [_("Legal basis: %(law)s.") % {"law": law}] if law else []
    parts += [_("To be confirmed by compliance: %(law)s.") % {"law": others}] if others else []
    return " ".join(parts)
