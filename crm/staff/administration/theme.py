"""The administration in the product's colours: UNFOLD's settings. The raw values are those of tokens.css."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.templatetags.static import static
from django.utils.translation import gettext_lazy as _

from crm.staff.administration import sections

# From paper to ink: light pages use the first, dark pages the last of them.
PAPER_TO_INK = {
    "50": "oklch(.974 .006 95)",
    "100": "oklch(.952 .007 95)",
    "200": "oklch(.905 .008 95)",
    "300": "oklch(.80 .01 95)",
    "400": "oklch(.74 .012 150)",
    "500": "oklch(.48 .015 165)",
    "600": "oklch(.42 .015 165)",
    "700": "oklch(.34 .014 165)",
    "800": "oklch(.28 .016 165)",
    "900": "oklch(.24 .014 165)",
    "950": "oklch(.195 .012 165)",
}
EVERGREEN = {
    "50": "oklch(.97 .016 158)",
    "100": "oklch(.945 .03 158)",
    "200": "oklch(.89 .06 160)",
    "300": "oklch(.82 .1 160)",
    "400": "oklch(.76 .11 160)",
    "500": "oklch(.56 .1 160)",
    "600": "oklch(.46 .085 160)",
    "700": "oklch(.385 .075 160)",
    "800": "oklch(.34 .06 160)",
    "900": "oklch(.31 .04 160)",
    "950": "oklch(.24 .03 162)",
}


def _icon(request: HttpRequest) -> str:
    return static("icon.svg")


def _sheet(request: HttpRequest) -> str:
    return static("css/admin.css")


UNFOLD: dict[str, Any] = {
    "SITE_TITLE": _("Perennial administration"),
    "SITE_HEADER": _("Perennial"),
    "SITE_SUBHEADER": _("Administration"),
    "SITE_URL": "/",
    "SITE_ICON": _icon,
    "SITE_FAVICONS": [{"rel": "icon", "type": "image/svg+xml", "href": _icon}],
    "STYLES": [_sheet],
    "BORDER_RADIUS": "9px",
    "COLORS": {
        "base": PAPER_TO_INK,
        "primary": EVERGREEN,
        "font": {
            "subtle-light": "var(--color-base-500)",
            "subtle-dark": "var(--color-base-400)",
            "default-light": "oklch(.26 .015 165)",
            "default-dark": "oklch(.93 .008 150)",
            "important-light": "oklch(.26 .015 165)",
            "important-dark": "oklch(.93 .008 150)",
        },
    },
    "SIDEBAR": {"navigation": sections.sidebar},
}
