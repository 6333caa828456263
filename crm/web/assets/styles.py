"""Style sheets of all pages: those of every page here, and those that apps register for their own."""

from __future__ import annotations

from crm.runtime.extension.registry import Registry

# The order of the layers comes first; within a layer a later sheet wins over an earlier one of equal weight.
FIRST = (
    *(f"base/{name}" for name in ("layers", "reset", "tokens", "elements", "layout")),
    *(
        f"components/{name}"
        for name in (
            "rail", "button", "field", "table", "card", "chip", "chart", "tabs", "list", "peek", "facts",
            "progress", "dialog", "palette", "timeline", "toast", "copy",
        )
    ),
    "base/signed_out",
)  # fmt: skip
LAST = ("base/utilities", "base/touch", "base/print")
_sheets: Registry[str] = Registry("style sheet")


def register(*names: str) -> None:
    """Publish the sheets of an app (from AppConfig.ready), as named beneath static/css without .css.

    Sheets of different apps must not style the same thing: which of them comes later is not said.
    Raises RegisteredTwice.
    """
    for name in names:
        _sheets.add(name, name)


def sheets() -> tuple[str, ...]:
    """Every sheet by its name, in the order in which they count."""
    return (*FIRST, *_sheets, *LAST)
