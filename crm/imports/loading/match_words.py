"""Our words for those in the rows that are staged: 申购 is buy, 先生 is male."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from crm.imports.kinds import Kind
from crm.imports.loading.normal_texts import Treatments, normal_text
from crm.imports.options import ReadingOptions
from crm.imports.values.texts import plain_text_sql
from crm.imports.vocabulary.words import match

MOST = 1000  # different words of a column looked at in one batch


def match_staged(
    cursor: Any, kind: Kind, header: list[str], options: ReadingOptions, needed: Treatments
) -> dict[str, dict[str, str]]:
    """Our word for each other word in the staged rows: {column: {word: ours}}."""
    found: dict[str, dict[str, str]] = {}
    for column in kind.columns:
        if not column.words or column.name not in header:
            continue
        read = plain_text_sql("v", nothing=options.nothing_is_empty)
        cursor.execute(
            f"SELECT DISTINCT {read}"  # noqa: S608  # own names
            f" FROM (SELECT {normal_text(column, needed)} AS v FROM pg_temp.imports_staged"
            " OFFSET 0) AS texts WHERE v <> ALL(%s) LIMIT %s",
            [list(column.words), MOST],
        )
        texts = [text for (text,) in cursor.fetchall() if text]
        pairs = {text: match(kind, column.name, text, options) for text in sorted(texts)}
        found[column.name] = {text: ours for text, ours in pairs.items() if ours}
    return found


def parameters(kind: Kind, matched: Mapping[str, Mapping[str, str]]) -> dict[str, str]:
    """The parameters under which the columns' `reading` finds its words."""
    names = [column.name for column in kind.columns if column.words]
    return {f"words_{name}": json.dumps(matched.get(name, {})) for name in names}
