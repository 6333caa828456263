"""What somebody searches for, as an address may carry it: encrypted, for that person only.

So neither a browser's history nor the log of a proxy holds a name or a number. What a search was granted ends
with the working day: an address that was kept asks for nobody unlogged for ever.
"""

from __future__ import annotations

import base64
import binascii
from datetime import UTC, datetime, timedelta

from crm.runtime.secrets.crypto import DecryptionFailed, decrypt, encrypt
from crm.staff.models import Staff
from crm.web.lists.tokens import damaged_token

GRANTED_FOR = timedelta(hours=8)
_FREE = "-"


def write_search(text: str, staff: Staff, *, granted_at: datetime | None = None) -> str:
    """The token of a search; `granted_at`: when it was allowed to ask for more than the person sees."""
    mark = f"+{granted_at.timestamp():.0f}" if granted_at else _FREE
    sealed = encrypt(_field(staff), f"{mark} {text}")
    return base64.urlsafe_b64encode(sealed).decode().rstrip("=")


def read_search(token: str, staff: Staff) -> tuple[str, datetime | None]:
    """(text, until when it may ask for more than the person sees) of a token.

    Raises BadQuery on one that is damaged or of somebody else.
    """
    try:
        sealed = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
        mark, _, text = decrypt(_field(staff), sealed).partition(" ")
        return text, None if mark == _FREE else datetime.fromtimestamp(int(mark), UTC) + GRANTED_FOR
    except (binascii.Error, ValueError, DecryptionFailed) as error:
        raise damaged_token() from error


def _field(staff: Staff) -> str:
    return f"search of staff {staff.pk}"
