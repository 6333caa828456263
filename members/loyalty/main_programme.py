"""The programme that pages of points and benefits are about: the main one."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, Concatenate

from django.http import HttpResponse

from crm.web.responses import StaffRequest, render_page
from members.loyalty.models import Programme

View = Callable[Concatenate[StaffRequest, Programme, ...], HttpResponse]


def of_main_programme(view: View) -> Callable[..., HttpResponse]:
    """Give a view the main programme; while there is none the page says so."""

    @wraps(view)
    def shown(request: StaffRequest, *args: Any, **more: Any) -> HttpResponse:
        programme = Programme.objects.filter(is_main=True).first()
        if programme is None:
            return render_page(request, "loyalty/no_programme.html", {})
        return view(request, programme, *args, **more)

    return shown
