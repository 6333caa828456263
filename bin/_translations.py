"""Catalogues of translations, with Babel: bin/translations update|check|compile. English is the source.

`update` brings locale/*/LC_MESSAGES/django.po up to what the source marks for translation: new messages are
empty, those that resemble an old one carry its translation marked fuzzy, what is no longer used goes. `check`
fails unless every catalogue translates every message, none fuzzy, none left over, with the same placeholders.
`compile` writes the .mo files that are older than their .po.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import IO, Any

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir, extract_python
from babel.messages.mofile import write_mo
from babel.messages.pofile import PoFileParser, write_po
from django.utils.translation.template import templatize

ROOT = Path(__file__).resolve().parent.parent
KEYWORDS: dict[str, tuple[int | tuple[int, str], ...] | None] = {
    **dict.fromkeys(["_", "gettext", "gettext_lazy", "gettext_noop"]),
    **dict.fromkeys(["ngettext", "ngettext_lazy"], (1, 2)),
    **dict.fromkeys(["pgettext", "pgettext_lazy"], ((1, "c"), 2)),
    **dict.fromkeys(["npgettext", "npgettext_lazy"], ((1, "c"), 2, 3)),
}
PLACEHOLDER = re.compile(r"%(?:\((\w+)\))?[-#0+]*[\d.]*[sdifgx]|\{(\w*)[^{}]*\}")


def extract_django(file: IO[bytes], keywords: Any, comment_tags: Any, options: Any) -> Iterator[Any]:
    """Babel's extraction method for Django templates: Django makes Python of them, Babel reads that.

    Indentation says nothing in a template but much in Python, so it goes first."""
    python = re.sub(r"(?m)^[ \t]+", "", templatize(file.read().decode()))
    return extract_python(BytesIO(python.encode()), keywords, comment_tags, options)


METHODS: list[tuple[str, Any]] = [
    ("**/migrations/**", "ignore"),
    ("crm/**.py", "python"),
    ("members/**.py", "python"),
    ("campaigns/**.py", "python"),
    ("templates/**.html", extract_django),
    ("templates/**.txt", extract_django),
]


def catalogues(root: Path = ROOT) -> list[Path]:
    """The .po files of the project."""
    return sorted((root / "locale").glob("*/LC_MESSAGES/django.po"))


def load(path: Path) -> Catalog:
    """A catalogue. Raises babel's PoFileError on a file it cannot read."""
    catalog = Catalog(locale=path.parent.parent.name, domain="django")
    with path.open("rb") as file:
        PoFileParser(catalog, abort_invalid=True).parse(line.decode() for line in file)
    return catalog


def marked(root: Path = ROOT) -> Catalog:
    """What the source marks for translation, each with the places of its use."""
    found = Catalog()
    for name, line, message, comments, context in extract_from_dir(root, METHODS, keywords=KEYWORDS):
        found.add(message, locations=[(name, line)], auto_comments=comments, context=context)
    return found


def update(path: Path, wanted: Catalog) -> None:
    """Bring a catalogue up to what is wanted, in the order of its messages; the file's header stays."""
    catalog = load(path)
    catalog.update(wanted)
    header = path.read_bytes().partition(b"\n\n")[0]
    body = BytesIO()
    form: dict[str, Any] = {"width": 0, "no_location": True, "omit_header": True, "sort_output": True}
    write_po(body, catalog, ignore_obsolete=True, **form)
    path.write_bytes(header + b"\n\n" + body.getvalue().strip() + b"\n")


def compile_all(root: Path = ROOT) -> list[Path]:
    """Write the .mo of every .po that changed since; returns those written."""
    written = []
    for path in catalogues(root):
        target = path.with_suffix(".mo")
        if not target.exists() or target.stat().st_mtime < path.stat().st_mtime:
            draft = target.with_suffix(".mo.new")  # renamed when whole: others may be reading
            with draft.open("wb") as file:
                write_mo(file, load(path))
            draft.replace(target)
            written.append(target)
    return written


def problems(catalog: Catalog, wanted: Catalog) -> list[str]:
    """What is wrong with a catalogue, one line each; empty when nothing is."""
    found = []
    for message in wanted:
        if message.id and catalog.get(*_key(message)) is None:
            place = ":".join(map(str, message.locations[0]))
            found.append(f"not translated: {_key(message)[0]!r} ({place})")
    for message in catalog:
        if message.id:
            found += _faults(message, wanted.get(*_key(message)))
    return found + [f"obsolete: {message.id!r}" for message in catalog.obsolete.values()]


def _key(message: Message) -> tuple[str, str | None]:
    return (message.id if isinstance(message.id, str) else message.id[0]), message.context


def _faults(message: Message, wanted: Message | None) -> list[str]:
    text = _key(message)[0]
    if wanted is None:
        return [f"no longer used: {text!r}"]
    if message.fuzzy:
        return [f"fuzzy: {text!r}"]
    if not all(_forms(message.string)):
        return [f"empty: {text!r}"]
    if message.pluralizable != wanted.pluralizable:
        return [f"plural on one side only: {text!r}"]
    # Babel's own checkers pass a translation that drops a placeholder. Of a plural the last form is the
    # fullest: "one member" may drop the number that "%(n)s members" has.
    expected = _placeholders(_forms(message.id)[-1])
    return [
        f"placeholders differ: {text!r} has {sorted(expected)}, {form!r} has {sorted(_placeholders(form))}"
        for form in _forms(message.string)
        if _placeholders(form) != expected
    ]


def _forms(text: str | tuple[str, ...] | list[str] | None) -> tuple[str, ...]:
    return (text,) if isinstance(text, str) else tuple(text or ("",))


def _placeholders(text: str) -> set[str]:
    return {found[0] for found in PLACEHOLDER.finditer(text.replace("%%", ""))}


def check(root: Path = ROOT) -> int:
    """Print what is wrong with the catalogues; the command's exit status."""
    wanted, paths = marked(root), catalogues(root)
    found = [f"{path.relative_to(root)}: {line}" for path in paths for line in problems(load(path), wanted)]
    if not paths:
        found = ["no catalogue under locale/"]
    print("\n".join(found) or f"{len(wanted)} messages, all translated")
    return bool(found)


def main(verb: str) -> int:
    if verb == "check":
        return check()
    if verb == "compile":
        compile_all()
    elif verb == "update":
        wanted = marked()
        for path in catalogues():
            update(path, wanted)
    else:
        print(__doc__, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else ""))
