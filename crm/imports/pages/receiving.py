"""A file that a form brings: whatever goes wrong on its way, nothing of it stays that nobody keeps."""

from __future__ import annotations

import errno
from collections.abc import Callable

from django.conf import settings
from django.http import HttpResponse, UnreadablePostError
from django.http.multipartparser import MultiPartParserError
from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

from crm.imports.uploads.receive import EncryptingUploadHandler
from crm.web.responses import StaffRequest

FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
NO_SPACE = gettext_lazy("The server's disk is full. Nothing was saved; tell an administrator.")
CUT_OFF = gettext_lazy("The upload was interrupted. Nothing was saved; upload the file again.")


def receive(
    request: StaffRequest,
    answer: Callable[[StaffRequest, EncryptingUploadHandler], HttpResponse],
    refuse: Callable[[Promise, int], HttpResponse],
) -> HttpResponse:
    """The answer to a form with a file, which is encrypted as it arrives; `refuse` gets words and a status.

    Where `answer` does not keep() the file, or raises, it is forgotten. It must look for the form's token by
    itself (csrf_protect): that reads the form, and the handler has to be there before.
    """
    handler = EncryptingUploadHandler(request, settings.UPLOAD_LIMIT)
    request.upload_handlers = [handler]
    try:
        return answer(request, handler)
    except (UnreadablePostError, MultiPartParserError):
        return refuse(CUT_OFF, 200)
    except OSError as error:
        if error.errno not in FULL:
            raise
        return refuse(NO_SPACE, 507)
    finally:
        if not handler.kept:
            handler.forget()
