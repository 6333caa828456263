"""Check texts that come as lines of JSON, and answer each with a line: what `manage.py check_copy` does."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, BinaryIO, NoReturn

from campaigns.review.wording.check import Finding, check
from campaigns.review.wording.documents import Copy
from campaigns.review.wording.packs import Basis, Pack

LONGEST = 1_000_000  # bytes of a line
_RISKS = ("R1", "R2", "R3", "R4", "R5")
_CHANNELS = (
    "sms",
    "email",
    "push",
    "article",
    "live",
    "note",
    "card",
    "video",
    "app",
    "web",
    "wechat",
    "phone",
)
_REGIMES = ("FS", "BW", "PR", "IN", "XX")


class BadLine(ValueError):
    """A line that cannot be checked; the message says what is wrong with it."""


def answers(lines: Iterable[bytes], pack: Pack) -> Iterator[bytes]:
    """A line of JSON for each line that is not empty, with its findings or what is wrong with it."""
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            given = _read(line)
            answer: Mapping[str, Any] = {"id": given["id"], "findings": _findings(given, pack)}
        except BadLine as error:
            answer = {"id": None, "error": f"line {number}: {error}"}
        # A lone surrogate is no character; its escape is the same text in JSON.
        yield json.dumps(answer, ensure_ascii=False).encode("utf-8", "backslashreplace") + b"\n"


def numbered_lines(stream: BinaryIO) -> Iterator[bytes]:
    """The lines of a stream; one that is too long is cut to just over LONGEST and the rest passed over."""
    while line := stream.readline(LONGEST + 1):
        yield line
        while line and not line.endswith(b"\n"):
            line = stream.readline(LONGEST + 1)


def _read(line: bytes) -> dict[str, Any]:
    if len(line) > LONGEST:
        raise BadLine(f"longer than {LONGEST:,} bytes")
    try:
        given = json.loads(line.decode("utf-8-sig"), parse_constant=_refuse)
    except UnicodeDecodeError as error:
        raise BadLine("not UTF-8") from error
    except (ValueError, RecursionError) as error:
        raise BadLine("not JSON") from error
    if not isinstance(given, dict):
        raise BadLine("not a JSON object")
    if not isinstance(given.get("text"), str):
        raise BadLine("“text” must be a text")
    if "id" not in given or isinstance(given["id"], dict | list):
        raise BadLine("“id” must be a text or a number")
    _refuse_other(given, "product_risk", _RISKS)
    _refuse_other(given, "regime", _REGIMES)
    for name in ("lang", "channel"):
        if not isinstance(given.get(name) or "", str):
            raise BadLine(f"“{name}” must be a text")
    if given.get("channel") and given["channel"].lower() not in _CHANNELS:
        raise BadLine(f"“channel” must be one of {', '.join(_CHANNELS)} or null")
    return given


def _refuse(constant: str) -> NoReturn:
    raise ValueError(constant)


def _refuse_other(given: Mapping[str, Any], name: str, allowed: tuple[str, ...]) -> None:
    if given.get(name) is not None and given[name] not in allowed:
        raise BadLine(f"“{name}” must be one of {', '.join(allowed)} or null")


def _findings(given: Mapping[str, Any], pack: Pack) -> list[dict[str, Any]]:
    copy = Copy(
        given["text"],
        given.get("product_risk"),
        given.get("regime") or "",
        (given.get("channel") or "").lower(),
    )
    language = "en" if str(given.get("lang") or "zh").lower().startswith("en") else "zh"
    return [_as_json(one, copy.text, language, pack) for one in check(copy, pack)]


def _as_json(finding: Finding, text: str, language: str, pack: Pack) -> dict[str, Any]:
    rule = finding.rule
    return {
        "category": rule.category,
        "severity": finding.severity,
        "rule": rule.id,
        "start": finding.start,
        "end": finding.end,
        "text": text[finding.start : finding.end],
        "why": rule.why[language],
        "basis": basis_text(pack.bases.get(rule.category, ()), language),
        "mend": rule.mend[language],
        "evasion": finding.evasion,
        "pack": f"{pack.name} {pack.version}",
    }


def basis_text(bases: Iterable[Basis], language: str) -> str:
    """The law behind a category; what was not read or quoted is to be confirmed by compliance."""
    entries = list(bases)
    law = [f"{one.law} {one.article}" for one in entries if one.is_law]
    rest = [f"{one.law} {one.article}" for one in entries if not one.is_law]
    to_confirm = "to be confirmed by compliance: " if language == "en" else "待合规确认:"
    separator = "; " if language == "en" else ";"
    return separator.join([*law, *([to_confirm + separator.join(rest)] if rest else [])])
