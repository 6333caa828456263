"""What benefits and their use publish to the apps below."""

from __future__ import annotations

from datetime import datetime

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from crm.runtime import errors
from crm.runtime.queue import kinds
from crm.staff import permissions
from crm.staff.privacy import export_log
from crm.web import palette
from crm.web.assets import styles
from crm.web.components import Text
from crm.web.frame import navigation
from crm.web.frame.navigation import INSIGHTS, WORK, Place
from crm.web.jobs import registry as jobs
from members.loyalty import configuration
from members.loyalty.benefits import requests
from members.loyalty.benefits.fields import BENEFITS_THIS_YEAR, LAST_BENEFIT, USED_BENEFIT
from members.loyalty.benefits.pages.use_file import WHAT
from members.loyalty.benefits.sentences.effects import tier_effects
from members.loyalty.benefits.sentences.refusals import REFUSALS
from members.loyalty.benefits.settings import change, trial
from members.loyalty.benefits.timeline import SOURCE
from members.loyalty.models import Benefit
from members.loyalty.permissions import (
    CHANGE_BENEFITS,
    RECONCILE_BENEFITS,
    RECORD_BENEFITS,
    SEE_LOYALTY_SETTINGS,
)
from members.loyalty.tiers.preview import effects
from members.profiles.timeline import registry as timeline
from members.rules.catalogue import activities, fields

DESK = Place(
    "benefit-desk", _("Benefit desk"), "b", RECORD_BENEFITS, WORK, 28, within=("benefit-desk-member",)
)
COSTS = Place("benefit-reconcile", _("Benefit costs"), "y", RECONCILE_BENEFITS, INSIGHTS, 40)


def _state(_now: datetime) -> Text:
    count = Benefit.objects.count()
    return ngettext("%(count)s benefit", "%(count)s benefits", count) % {"count": count}


SETTINGS = configuration.Entry(
    "benefits",
    _("Benefits"),
    _("What members of each tier may use, how often, at what cost, and from which supplier."),
    "benefit-settings",
    20,
    SEE_LOYALTY_SETTINGS,
    _state,
    kinds=(change.KIND,),
    within=("benefit-new", "benefit-change"),
)


def publish() -> None:
    """Called once, from members.loyalty.publish."""
    permissions.register(RECORD_BENEFITS, CHANGE_BENEFITS, RECONCILE_BENEFITS)
    errors.register(REFUSALS)
    requests.register()
    effects.register("benefits", tier_effects)
    fields.register(LAST_BENEFIT, BENEFITS_THIS_YEAR)
    activities.register(USED_BENEFIT)
    timeline.register(SOURCE)
    export_log.register({WHAT: _("Use of benefits")})
    styles.register("loyalty/benefits")
    navigation.register(DESK, COSTS)
    configuration.register(SETTINGS)
    kinds.register(kinds.Kind(trial.KIND, _("benefit previews"), trial.run_trials, trial.fail_trials))
    jobs.register(jobs.Job(trial.JOB, _("Preview a benefit"), {}))
    palette.register_commands(
        palette.Command(_("Record use of a benefit"), "benefit-desk", RECORD_BENEFITS, _("benefit desk"))
    )
