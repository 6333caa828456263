"""What somebody decides on the page about the values of a file, as fields of ReadingOptions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from crm.imports.kinds import Kind
from crm.imports.options import ReadingOptions
from crm.imports.vocabulary import words


def read_form(
    kind: Kind, form: Mapping[str, str], found: Mapping[str, Any], options: ReadingOptions
) -> dict[str, Any]:
    """The decisions in a sent form; what it does not ask about stays as it was.

    `found` is what the page showed (findings.find); words are numbered as there.
    """
    decided: dict[str, Any] = {}
    for name, known in (("dates", ("day", "month")), ("nothing", ("text",)), ("blanks", ("clear",))):
        if name in form:
            decided[name] = form[name] if form[name] in known else ""
    asked: Sequence[str] = found.get("serials", [])
    kept = [name for name in options.serials if name not in asked]
    decided["serials"] = (*kept, *(name for name in asked if f"serial-{name}" in form))
    chosen = {name: dict(pairs) for name, pairs in options.words.items()}
    for number, (name, word, _) in enumerate(found.get("words", [])):
        ours = form.get(f"word-{number}")
        if ours is None or name not in kind.by_name:
            continue
        chosen.setdefault(name, {}).pop(word, None)
        if ours in ("", *kind.by_name[name].words) and ours != words.match(
            kind, name, word, ReadingOptions()
        ):
            chosen[name][word] = ours
    decided["words"] = {name: pairs for name, pairs in chosen.items() if pairs}
    return decided
