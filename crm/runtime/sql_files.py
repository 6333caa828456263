"""SQL kept in files: each package has its statements in `sql/` beside its modules."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from pathlib import Path


def sql_beside(module: str) -> Callable[[str], str]:
    """The reader of a package's statements: `sql = sql_beside(__file__)`, then `sql("rows")` is sql/rows.sql.

    A text is read once. Raises FileNotFoundError for a name without a file.
    """
    folder = Path(module).parent / "sql"

    @cache
    def sql(name: str) -> str:
        return (folder / f"{name}.sql").read_text(encoding="utf-8")

    return sql
