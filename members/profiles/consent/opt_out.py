"""What somebody replies to be left alone, and what follows from it: the address gets no more marketing."""

from __future__ import annotations

import re
import unicodedata
from datetime import datetime
from uuid import uuid4

from django.db import transaction

from crm.staff.models import Staff
from members.profiles.consent.addresses import find_members, hash_address
from members.profiles.consent.record import Withdrawal, store_withdrawals
from members.profiles.models import (
    CONSENT_PURPOSES,
    ConsentSource,
    ContactChannel,
    Suppression,
    SuppressionReason,
    SuppressionScope,
)

# Reference §7, with the words of the same meaning that people write instead. Compared by their bare form.
KEYWORDS = frozenset(
    {"t", "td", "n", "退订", "退訂", "取消", "取消订阅", "取消訂閱", "stop", "unsubscribe", "回复t", "回复td"}
)
_NOISE = re.compile(r"[\W_]+")
REPLY = "reply "  # begins the key of what a reply withdrew


def is_opt_out(text: str) -> bool:
    """Whether a reply is nothing but an opt-out keyword: in any case and width, with any signs around it."""
    return _NOISE.sub("", unicodedata.normalize("NFKC", text).casefold()) in KEYWORDS


def receive_reply(*, channel: ContactChannel, address: str, text: str, now: datetime) -> bool:
    """A reply from an address; where it opts out, nothing but service goes there from now on.

    The consents of all members with that address are withdrawn on that channel. Returns whether it did.
    Raises crm.imports.errors.row_errors.RowRejected where the address is none.
    """
    if not is_opt_out(text):
        return False
    stop(
        channel=channel,
        address_hash=hash_address(channel, address),
        scope=SuppressionScope.MARKETING,
        reason=SuppressionReason.OPT_OUT,
        evidence=text,
        now=now,
    )
    return True


def stop(
    *,
    channel: ContactChannel,
    address_hash: bytes,
    scope: SuppressionScope,
    reason: SuppressionReason,
    now: datetime,
    evidence: str = "",
    by: Staff | None = None,
) -> Suppression:
    """Put an address on the list, and withdraw on that channel what its members consented to.

    An address that is on the list already with that scope stays as it is.
    """
    with transaction.atomic():
        members = find_members(address_hash)
        said = Withdrawal(ConsentSource.REPLY, f"{REPLY}{uuid4().hex}", evidence, by)
        store_withdrawals(members, CONSENT_PURPOSES, [channel], said, now=now)
        return Suppression.objects.get_or_create(
            channel=channel,
            address_hash=address_hash,
            scope=scope,
            lifted_at=None,
            defaults={"reason": reason, "since": now, "by": by},
        )[0]
