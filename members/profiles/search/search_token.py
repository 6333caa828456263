"""What somebody searches for, as an address may carry it: encrypted, for that person only.

So neither a browser's history nor the log of a proxy holds a name or a number.
"""

from __future__ import annotations

import base64
import binascii

from crm.runtime.secrets.crypto import DecryptionFailed, decrypt, encrypt
from crm.staff.models import Staff
from crm.web.lists.tokens import damaged_token

_GRANTED, _FREE = "+", "-"


def write_search(text: str, staff: Staff, *, granted: bool) -> str:
    """The token of a search; `granted`: it may ask for more than the person sees."""
    sealed = encrypt(_field(staff), (_GRANTED if granted else _FREE) + text)
    return base64.urlsafe_b64encode(sealed).decode().rstrip("=")


def read_search(token: str, staff: Staff) -> tuple[str, bool]:
    """(text, granted) of a token. Raises BadQuery on one that is damaged or of somebody else."""
    try:
        sealed = base64.b64decode(token + "=" * (-len(token) % 4), altchars=b"-_", validate=True)
        text = decrypt(_field(staff), sealed)
    except (binascii.Error, ValueError, DecryptionFailed) as error:
        raise damaged_token() from error
    return text[1:], text[0] == _GRANTED


def _field(staff: Staff) -> str:
    return f"search of staff {staff.pk}"
