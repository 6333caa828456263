"""One-time links to choose a password: valid once, for a day, until the account is closed."""

from __future__ import annotations

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.tokens import PasswordResetTokenGenerator

from crm.staff.models import AccountChange, ChangeKind, Staff


class OneTimeLinks(PasswordResetTokenGenerator):
    """Django's tokens; closing the account voids those given before, also once it is reopened."""

    def check_token(self, user: AbstractBaseUser | None, token: str | None) -> bool:
        return isinstance(user, Staff) and user.is_active and super().check_token(user, token)

    def _make_hash_value(self, user: Staff, timestamp: int) -> str:
        closings = AccountChange.objects.filter(staff_id=user.pk, kind=ChangeKind.CLOSED).count()
        return f"{super()._make_hash_value(user, timestamp)}{closings}"


one_time_links = OneTimeLinks()
