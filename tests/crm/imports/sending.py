"""Sending files through the page, as a browser does."""

from __future__ import annotations

import re

from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client

from crm.imports.models import ImportRun, Upload


def send(
    client: Client, kind: str, content: str | bytes, *, name: str = "file.csv", **fields: str
) -> HttpResponse:
    data = content.encode() if isinstance(content, str) else content
    form = {"kind": kind, "source": "", "file": SimpleUploadedFile(name, data), "whole": "1"} | fields
    return client.post("/imports/new/", form)


def sent(client: Client, kind: str, content: str | bytes, **fields: str) -> Upload:
    """The upload that a file sent becomes."""
    response = send(client, kind, content, **fields)
    assert response.status_code == 302, response.context_data["fault"]
    return Upload.objects.get(pk=re.search(r"(\d+)/$", response.headers["Location"])[1])


def started(client: Client, upload: Upload, do: str = "import", **columns: str) -> ImportRun:
    """The run that the upload's page starts, its columns as they are matched but for those given by place."""
    form = {f"column-{place}": name for place, name in enumerate(upload.columns)} | columns | {"do": do}
    response = client.post(f"/imports/uploads/{upload.pk}/", form)
    assert response.status_code == 302, response.content.decode()
    return ImportRun.objects.get(pk=re.search(r"(\d+)/$", response.headers["Location"])[1])
