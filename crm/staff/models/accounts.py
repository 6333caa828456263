"""Accounts: staff, teams, sessions, and the log of what was done to them."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from django.conf import settings
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import PermissionsMixin
from django.contrib.sessions.base_session import AbstractBaseSession
from django.db import models
from django.db.models import F, Q
from django.db.models.functions import Length, Trim
from django.db.models.lookups import GreaterThanOrEqual
from django.utils.translation import gettext_lazy as _

from crm.runtime.database.constraints import one_of
from crm.runtime.text.local_names import LocalName
from crm.staff.models.reasons import SHORTEST_REASON
from crm.staff.names.collation import NameKeyField


class Team(LocalName, models.Model):
    name = models.CharField(_("name"), max_length=80, unique=True)
    name_en = models.CharField(_("English name"), max_length=80, blank=True, default="", db_default="")
    name_key = NameKeyField("name")

    class Meta:
        verbose_name = _("team")
        verbose_name_plural = _("teams")
        indexes = [models.Index(fields=["name_key", "id"], name="team_by_name")]


class Role(models.TextChoices):
    """What somebody's work is; decides what they may see and do."""

    RELATIONSHIP_MANAGER = "relationship_manager", _("Relationship manager")
    TEAM_LEAD = "team_lead", _("Team lead")
    CUSTOMER_SERVICE = "customer_service", _("Customer service")
    COMPLIANCE = "compliance", _("Compliance officer")
    OPERATIONS = "operations", _("Operations")
    ADMINISTRATOR = "administrator", _("Administrator")
    ANALYST = "analyst", _("Analyst")


class Language(models.TextChoices):
    """What an account's pages speak; until somebody chooses, what the browser asks for."""

    AS_BROWSER = "", _("Same as browser")
    CHINESE = "zh-hans", _("Chinese")
    ENGLISH = "en", _("English")


class Rising(models.TextChoices):
    """The colour of what rises; what falls has the other. Red in Chinese markets, green elsewhere."""

    AS_LANGUAGE = "", _("Follow the language")
    RED = "red", _("Red gains, green losses")
    GREEN = "green", _("Green gains, red losses")


class StaffManager(BaseUserManager["Staff"]):
    def create_user(self, username: str, password: str | None = None, **fields: Any) -> Staff:
        staff = self.model(username=username, **fields)
        staff.set_password(password)
        staff.save(using=self._db)
        return staff

    def create_superuser(self, username: str, password: str | None = None, **fields: Any) -> Staff:
        fields.setdefault("role", Role.ADMINISTRATOR)
        return self.create_user(username, password, is_superuser=True, **fields)


class Staff(AbstractBaseUser, PermissionsMixin):
    """Somebody who signs in. Never deleted but closed; one administrator stays (trigger)."""

    username = models.CharField(_("username"), max_length=60, unique=True)
    display_name = models.CharField(_("name"), max_length=80)
    name_key = NameKeyField("display_name")
    role = models.CharField(_("role"), max_length=24, choices=Role)
    team = models.ForeignKey(Team, on_delete=models.PROTECT, null=True, blank=True, verbose_name=_("team"))
    language = models.CharField(
        _("language"), max_length=10, choices=Language, default=Language.AS_BROWSER, blank=True
    )
    rising = models.CharField(
        _("colour of what rises"), max_length=5, choices=Rising, default=Rising.AS_LANGUAGE, blank=True
    )
    is_active = models.BooleanField(_("active"), default=True)
    must_change_password = models.BooleanField(_("must change password"), default=False)
    shows_sources = models.BooleanField(_("show sources"), default=False, db_default=False)

    objects = StaffManager()
    USERNAME_FIELD = "username"
    REQUIRED_FIELDS = ["display_name"]

    class Meta:
        verbose_name = _("staff")
        verbose_name_plural = _("staff")
        constraints = [
            one_of("role", Role, model="staff"),
            one_of("language", Language, model="staff"),
            one_of("rising", Rising, model="staff"),
        ]
        indexes = [models.Index(fields=["name_key", "id"], name="staff_by_name")]

    def __str__(self) -> str:
        return self.display_name or self.username

    @property
    def is_staff(self) -> bool:
        """Whether the admin opens (Django's own name for it)."""
        return self.is_active and self.role == Role.ADMINISTRATOR


class Session(AbstractBaseSession):
    """A signed-in browser and whose it is: so an account can be signed out (crm.staff.accounts.sessions)."""

    session_key = models.CharField(max_length=64, primary_key=True)  # the fingerprint of the cookie's key
    staff = models.ForeignKey(Staff, on_delete=models.CASCADE, null=True, related_name="sessions")

    @classmethod
    def get_session_store_class(cls) -> Any:
        return import_module(settings.SESSION_ENGINE).SessionStore


class ChangeKind(models.TextChoices):
    """What was done to an account or a team."""

    OPENED = "opened", _("Account created")
    NAME = "name", _("Name")
    ROLE = "role", _("Role")
    TEAM = "team", _("Team")
    CLOSED = "closed", _("Account deactivated")
    REOPENED = "reopened", _("Account reactivated")
    UNLOCKED = "unlocked", _("Sign-in unlocked")
    PASSWORD_ASKED = "password_asked", _("Password change required")  # noqa: S105 - a word, not a password
    LINK = "link", _("One-time link issued")
    PASSWORD_SET = "password_set", _("Password set")  # noqa: S105 - a word, not a password
    OTHER_BROWSER = "other_browser", _("Session used from another browser")
    FOUNDED = "founded", _("Team created")
    RENAMED = "renamed", _("Team renamed")


OWN_DOING = (ChangeKind.PASSWORD_SET, ChangeKind.OTHER_BROWSER)  # by the person, without a reason


class AccountChange(models.Model):
    """Who did what to an account or a team, when and why. Append-only (trigger).

    `before` and `after` are what was stored: a role's key, a name, a team's name; empty where the
    kind says it all. What gives or takes rights is never done by the person themselves.
    """

    withheld = ("UPDATE", "DELETE")

    staff = models.ForeignKey(
        Staff, on_delete=models.PROTECT, null=True, related_name="changes", db_index=False
    )
    team = models.ForeignKey(
        Team, on_delete=models.PROTECT, null=True, related_name="changes", db_index=False
    )
    kind = models.CharField(max_length=16, choices=ChangeKind)
    before = models.CharField(max_length=80, blank=True)
    after = models.CharField(max_length=80, blank=True)
    by = models.ForeignKey(Staff, on_delete=models.PROTECT, related_name="changes_made", db_index=False)
    reason = models.CharField(max_length=300, blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            one_of("kind", ChangeKind, model="accountchange"),
            models.CheckConstraint(
                name="accountchange_of_one",
                condition=Q(staff__isnull=False, team=None) | Q(staff=None, team__isnull=False),
            ),
            models.CheckConstraint(
                name="accountchange_by_somebody_else",
                condition=Q(kind__in=OWN_DOING) | Q(staff=None) | ~Q(staff=F("by")),
                violation_error_message=_(
                    "You cannot do this to your own account. Ask another administrator."
                ),
            ),
            models.CheckConstraint(
                name="accountchange_reason_in_words",
                condition=Q(kind__in=OWN_DOING)
                | Q(GreaterThanOrEqual(Length(Trim("reason")), SHORTEST_REASON)),
            ),
        ]
        indexes = [
            models.Index(fields=["staff", "-at"], name="accountchange_of_staff"),
            models.Index(fields=["team", "-at"], name="accountchange_of_team"),
        ]
