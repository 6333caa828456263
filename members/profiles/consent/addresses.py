"""Addresses as the suppression list knows them: by their keyed hash, which members carry as blind index."""

from __future__ import annotations

from crm.runtime.secrets.crypto import blind_index
from members.profiles.consent.state import ADDRESSES
from members.profiles.models import ContactChannel, Member
from members.profiles.personal import normal_forms

_FORMS = {"mobile": normal_forms.mobile, "email": normal_forms.email}


def hash_address(channel: ContactChannel, text: str) -> bytes:
    """The hash of an address on a channel. Raises RowRejected saying what is wrong with it.

    A channel without an address of its own goes by a mobile or an e-mail of the person.
    """
    kinds = ADDRESSES[ContactChannel(channel)]
    kind = kinds[0] if len(kinds) == 1 else ("email" if "@" in text or "＠" in text else "mobile")
    return blind_index(kind, _FORMS[kind](text))


def find_members(address_hash: bytes) -> list[int]:
    """The members who have the address now, by id: a mobile may be that of two. Two index look-ups."""
    by_mobile = Member.objects.filter(mobile_index=address_hash).values_list("pk", flat=True)
    by_email = Member.objects.filter(email_index=address_hash).values_list("pk", flat=True)
    return sorted(by_mobile.union(by_email))
