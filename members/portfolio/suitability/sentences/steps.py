"""The steps of a purchase in words."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from members.portfolio.suitability.record_purchase import Step

STEPS: dict[Step, Promise] = {
    Step.OWN_INITIATIVE: _("The member asked for it on own initiative"),
    Step.TOLD_UNSUITABLE: _("Told that the product is unsuitable"),
    Step.NOT_LOWEST: _("Confirmed not to be in the lowest risk class"),
    Step.RISK_WARNING: _("Special written risk warning given"),
    Step.INSISTS: _("The member still insists"),
    Step.E_CONFIRMATION: _("Electronic confirmation received"),
    Step.MORE_TIME: _("More time to think given"),
    Step.MORE_QUESTIONS: _("Additional questions answered"),
    Step.CALL_BACK: _("Called back"),
    Step.MORE_FACTS: _("More facts of the member collected"),
    Step.STRONGER_WARNING: _("Stronger warning given"),
}
