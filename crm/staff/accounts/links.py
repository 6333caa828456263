"""One-time links to choose a password: valid once, for a day, until the account is closed or changes role."""

from __future__ import annotations

from django.contrib.auth.base_user import AbstractBaseUser
from django.contrib.auth.tokens import PasswordResetTokenGenerator

from crm.staff.models import AccountChange, ChangeKind, Staff

VOIDING = (ChangeKind.CLOSED, ChangeKind.ROLE)


class OneTimeLinks(PasswordResetTokenGenerator):
    """Django's tokens; what changes what the account is voids those given before.

    Closing it, also once it is reopened; another role, since a link for a role that decides nothing is given
    by one person and would open an account that may approve, for which a link needs a second one.
    """

    def check_token(self, user: AbstractBaseUser | None, token: str | None) -> bool:
        return isinstance(user, Staff) and user.is_active and super().check_token(user, token)

    def _make_hash_value(self, user: Staff, timestamp: int) -> str:
        voiding = AccountChange.objects.filter(staff_id=user.pk, kind__in=VOIDING).count()
        return f"{super()._make_hash_value(user, timestamp)}{voiding}"


one_time_links = OneTimeLinks()
