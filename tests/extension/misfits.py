"""Apps that do not fit the product: each registers one thing that it may not."""

from __future__ import annotations

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class Misfit(AppConfig):
    name = "tests.extension.misfits"
    label = "misfits"


class TakenKey(Misfit):
    """Its page has the key of the list of members."""

    def ready(self) -> None:
        from crm.web.frame import navigation
        from crm.web.permissions import USE_PALETTE

        navigation.register(
            navigation.Place("account", _("My account"), "m", USE_PALETTE, navigation.WORK, 90)
        )


class UnknownAction(Misfit):
    """Nobody has declared who may do what its command does."""

    def ready(self) -> None:
        from crm.staff.permissions import EVERYBODY, Action
        from crm.web.palette import Command, register_commands

        register_commands(Command(_("My account"), "account", Action("fly", _("Members"), EVERYBODY)))


class Untranslated(Misfit):
    """Its job has words in one language only."""

    def ready(self) -> None:
        from crm.web.jobs.registry import Job, register

        register(Job("shear sheep", _("Shear all sheep")))


class NoSuchPage(Misfit):
    """Its place leads nowhere."""

    def ready(self) -> None:
        from crm.web.frame import navigation
        from crm.web.permissions import USE_PALETTE

        navigation.register(navigation.Place("sheep", _("Members"), "2", USE_PALETTE, navigation.WORK, 90))
