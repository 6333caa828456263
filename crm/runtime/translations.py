"""Translations without GNU gettext: python -m crm.runtime.translations compile|check|missing.

`compile` turns every locale/*/LC_MESSAGES/django.po that is newer than its .mo into one. `check` compares
what the source marks for translation with each catalogue: every message translated, none fuzzy, none
left over, placeholders the same on both sides. `missing` prints entries to fill in. English is the source.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract
from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileParser

ROOT = Path(__file__).resolve().parent.parent.parent
LOCALES = ROOT / "locale"
SOURCES = ("crm", "members", "campaigns", "templates")
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    **dict.fromkeys(["_", "gettext", "gettext_lazy", "gettext_noop"]),
    **dict.fromkeys(["ngettext", "ngettext_lazy"], (1, 2)),
    **dict.fromkeys(["pgettext", "pgettext_lazy"], ((1, "c"), 2)),
    **dict.fromkeys(["npgettext", "npgettext_lazy"], ((1, "c"), 2, 3)),
}
PLACEHOLDER = re.compile(r"%(?:\((\w+)\))?[-#0+]*[\d.]*[sdifgx]|\{(\w*)[^{}]*\}")

Key = tuple[str | None, str]  # context and message


def catalogues() -> list[Path]:
    """The .po files of the project."""
    return sorted(LOCALES.glob("*/LC_MESSAGES/django.po"))


def load(path: Path) -> Catalog:
    """A catalogue. Raises babel's PoFileError on a file it cannot read."""
    catalog = Catalog(locale=path.parent.parent.name, domain="django")
    with path.open("rb") as file:
        PoFileParser(catalog, abort_invalid=True).parse(line.decode() for line in file)
    return catalog


def compile_all() -> list[Path]:
    """Write the .mo of every .po that changed since; returns those written."""
    written = []
    for path in catalogues():
        target = path.with_suffix(".mo")
        if not target.exists() or target.stat().st_mtime < path.stat().st_mtime:
            draft = target.with_suffix(".mo.new")  # renamed when whole: others may be reading
            with draft.open("wb") as file:
                write_mo(file, load(path))
            draft.replace(target)
            written.append(target)
    return written


def marked(root: Path | None = None) -> dict[Key, tuple[str | tuple[str, ...], str]]:
    """What the source marks for translation: (context, singular) → (message, "file:line" of its use)."""
    root = root or ROOT
    found: dict[Key, tuple[str | tuple[str, ...], str]] = {}
    for path in _files(root):
        for line, message, context in _messages(path):
            single = message if isinstance(message, str) else message[0]
            known = found.get((context, single))
            if single and (known is None or isinstance(known[0], str)):
                found[context, single] = (message, f"{path.relative_to(root)}:{line}")
    return found


def _files(root: Path) -> Iterator[Path]:
    for folder in SOURCES:
        for path in sorted((root / folder).rglob("*")):
            if path.suffix in {".py", ".html", ".txt"} and "migrations" not in path.parts:
                yield path


def _messages(path: Path) -> Iterator[tuple[int, str | tuple[str, ...], str | None]]:
    text = path.read_text(encoding="utf-8")
    if path.suffix != ".py":
        from django.utils.translation.template import templatize

        if "{%" not in text and "{{" not in text:
            return
        text = templatize(text, origin=str(path))
    for line, message, _, context in extract("python", BytesIO(text.encode()), KEYWORDS):
        yield line, message, context


def problems(catalog: Catalog, wanted: dict[Key, tuple[str | tuple[str, ...], str]]) -> list[str]:
    """What is wrong with a catalogue, one line each; empty when nothing is."""
    found = []
    have = {_key(message): message for message in catalog if message.id}
    for key, (_, where) in wanted.items():
        if key not in have:
            found.append(f"not translated: {key[1]!r} ({where})")
    for key, message in have.items():
        if key not in wanted:
            found.append(f"no longer used: {key[1]!r}")
        elif message.fuzzy:
            found.append(f"fuzzy: {key[1]!r}")
        elif not all(_forms(message)):
            found.append(f"empty: {key[1]!r}")
        elif isinstance(wanted[key][0], tuple) != message.pluralizable:
            found.append(f"plural on one side only: {key[1]!r}")
        else:
            found += _placeholder_problems(message)
    return found + [f"obsolete: {message.id!r}" for message in catalog.obsolete.values()]


def _key(message: Message) -> Key:
    return (message.context, message.id if isinstance(message.id, str) else message.id[0])


def _forms(message: Message) -> tuple[str, ...]:
    return (message.string,) if isinstance(message.string, str) else tuple(message.string or ("",))


def _placeholder_problems(message: Message) -> list[str]:
    ids = (message.id,) if isinstance(message.id, str) else tuple(message.id)
    # Of a plural the last form is the fullest: "one member" may drop the number that "%(n)s members" has.
    expected = _placeholders(ids[-1])
    return [
        f"placeholders differ: {ids[0]!r} has {sorted(expected)}, {form!r} has {sorted(_placeholders(form))}"
        for form in _forms(message)
        if _placeholders(form) != expected
    ]


def _placeholders(text: str) -> set[str]:
    return {found[0] for found in PLACEHOLDER.finditer(text.replace("%%", ""))}


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n") + '"'


def missing(path: Path) -> Iterator[str]:
    """Entries for a catalogue, in the file's own form, of what it does not translate yet."""
    have = {_key(message) for message in load(path) if message.id}
    for key, (message, where) in marked().items():
        if key in have:
            continue
        ids = (message,) if isinstance(message, str) else message
        yield f"#: {where}"
        if key[0]:
            yield f"msgctxt {_quoted(key[0])}"
        yield f"msgid {_quoted(ids[0])}"
        yield f'msgid_plural {_quoted(ids[1])}\nmsgstr[0] ""\n' if len(ids) > 1 else 'msgstr ""\n'


def main(verb: str) -> int:
    if verb == "compile":
        compile_all()
        return 0
    if verb == "check":
        wanted = marked()
        found = [
            f"{path.relative_to(ROOT)}: {line}"
            for path in catalogues()
            for line in problems(load(path), wanted)
        ]
        if not catalogues():
            found = [f"no catalogue under {LOCALES.name}/"]
        print("\n".join(found) or f"{len(wanted)} messages, all translated")
        return bool(found)
    if verb == "missing":
        for path in catalogues():
            print("\n".join(missing(path)))
        return 0
    print(__doc__, file=sys.stderr)
    return 2


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else ""))
