"""Columns of a file: how a text is checked and turned into a value, written as SQL fragments.

In every fragment `{v}` is the column's text in its normal form (NULL when empty), `{valid}` the function that
tells whether a text can be read as a type. A fragment is only evaluated after those before it in the same
column did not complain, so a cast may follow the check that makes it safe. `%(latest)s`, `%(prefix)s`
and `%(currency)s` are bound for every run.
"""

from __future__ import annotations

from dataclasses import replace
from functools import partial

from crm.imports.column import Column, Fault, Normalise
from crm.imports.errors.row_errors import make_reason
from crm.imports.values import fits
from crm.imports.values.explain import explain_amount, explain_moment, explain_signs
from crm.imports.values.json_faults import locate
from crm.runtime.database.constraints import MONEY_DIGITS
from crm.runtime.text.normal_form import Form, formatted_sql, rounded_sql

MAX_JSON_BYTES = 16_384
JSON_DEPTH = 64  # objects and lists in one another
JSON_DIGITS = 300  # of a number; Python reads 4300, other readers up to 1e308
DIGITS = "0123456789"


def _too_long(size: int, prefix: str = "''") -> Fault:
    # Bytes are counted faster than characters, and are never fewer.
    quick = f"octet_length({{v}}) > {size} - octet_length({prefix})"
    return Fault(f"{quick} AND length({prefix} || {{v}}) > {size}", make_reason("too_long", size=size))


# An id that a spreadsheet made a number of; it names nothing, or somebody else.
ROUNDED = Fault(rounded_sql("{v}"), make_reason("rounded"))
FORMATTED = Fault(formatted_sql("{v}"), make_reason("formatted"))
DAMAGED_ID = (ROUNDED, FORMATTED)


def text(
    name: str, size: int, *, target: str = "", empty: str = "''", mask: str = "", form: Form = "text"
) -> Column:
    """Free text of at most `size` characters; `empty` is what an empty one is stored as."""
    value = "{v}" if empty == "NULL" else f"coalesce({{v}}, {empty})"
    return Column(
        name,
        (_too_long(size),),
        form=form,
        value=value,
        target=target,
        textual=True,
        mask=mask,
        shows=fits.free_text,
    )


def code(name: str, size: int, *, target: str, empty: str = "''") -> Column:
    """A code by which other rows refer to something."""
    column = text(name, size, target=target, empty=empty, form="id")
    return replace(column, faults=(*DAMAGED_ID, *column.faults), shape="code")


def source_id(name: str, size: int = 120, *, target: str = "id") -> Column:
    """The source's own id; kept apart from other sources' by a prefix."""
    return Column(
        name,
        (*DAMAGED_ID, _too_long(size, "%(prefix)s")),
        value="%(prefix)s || {v}",
        target=target,
        required=True,
        textual=True,
        shows=fits.identifier,
        shape="code",
    )


_SHAPED = "left({v}, 10) LIKE '____-__-__' AND btrim(left({v}, 10), '0123456789-') = ''"


def _moment(name: str) -> str:
    """The reading of days and instants."""
    serial = f"'{name}' = ANY(%(serials)s)"
    return f"pg_temp.imports_moment({{v}}, %(dates)s, {serial})"


def instant(name: str) -> Column:
    """An instant as people write it; without an offset platform time, a bare date its first instant."""
    usual = "({v} LIKE '____-__-__T__:__:__' OR {v} LIKE '____-__-__ __:__:__')"
    any_shape = f"{_SHAPED} AND btrim({{v}}, '0123456789-:.TZ+ ') = ''"
    return Column(
        name,
        (
            Fault(f"NOT ({usual} OR {any_shape})", make_reason("not_instant"), explain_moment),
            Fault("NOT {valid}({v}, 'timestamptz')", make_reason("no_such_instant"), explain_moment),
            Fault("{v} COLLATE \"C\" < '1900'", make_reason("before_1900"), explain_moment),
            Fault("{v} COLLATE \"C\" > %(latest)s || '~'", make_reason("far_future")),
        ),
        usual=f"{usual} OR {any_shape}",
        reading=_moment(name),
        moment=True,
        value="{v}::timestamptz",
        shows=fits.instant,
        parts=("date", "time"),
        example="2025-03-05 14:05:00",
        shape="instant",
    )


def day(name: str, *, latest: str = "latest", mask: str = "") -> Column:
    """A platform day. `latest` names the last one accepted: "latest" (a year ahead), "today", or "" (any)."""
    faults = [
        Fault(f"NOT (length({{v}}) = 10 AND {_SHAPED})", make_reason("not_day"), explain_moment),
        Fault("NOT {valid}({v}, 'date')", make_reason("no_such_day"), explain_moment),
        Fault("{v} COLLATE \"C\" < '1900'", make_reason("before_1900"), explain_moment),
    ]
    if latest:
        why = make_reason("future" if latest == "today" else "far_future")
        faults.append(Fault(f'{{v}} COLLATE "C" > %({latest})s', why))
    # Spreadsheets write a day with a midnight behind it.
    return Column(
        name,
        tuple(faults),
        usual="{v} LIKE '____-__-__'",
        reading=f"regexp_replace({_moment(name)}, '^(.{{10}}) 00:00:00([.]0+)?$', '\\1')",
        moment=True,
        value="{v}::date",
        mask=mask,
        shows=fits.instant,
        example="2025-03-05",
        shape="day",
    )


# What is a number to PostgreSQL then has no other reading; told several times quicker than by all its signs.
_BEGINS_WITH_DIGIT = "ascii({v}) BETWEEN 48 AND 57"


def amount(name: str, *, zero: bool = False) -> Column:
    """Platform currency, above 0 (or not below), at most 2 decimals and MONEY_DIGITS digits before."""
    sign = Fault("{v}::numeric <= 0", make_reason("not_positive"))
    return Column(
        name,
        (
            Fault("strpos({v}, ',') > 0", make_reason("thousands"), explain_amount),
            Fault("starts_with({v}, '-')", make_reason("negative") if zero else sign.why),
            Fault(
                f"btrim({{v}}, '{DIGITS}.') <> '' OR NOT {{valid}}({{v}}, 'numeric')",
                make_reason("not_number"),
                explain_amount,
            ),
            Fault("min_scale({v}::numeric) > 2", make_reason("decimals")),
            Fault(f"{{v}}::numeric >= 1e{MONEY_DIGITS}", make_reason("too_large", digits=MONEY_DIGITS)),
            *(() if zero else (sign,)),
        ),
        # As nearly all are written: digits, a point, two decimals.
        "octet_length({v}) <= 18 AND {v} COLLATE \"C\" >= '0'"
        " AND right({v}, 3) COLLATE \"C\" BETWEEN '.00' AND '.99'"
        " AND strpos({v}, '_') = 0 AND {valid}({v}, 'numeric')"
        " AND ({v} COLLATE \"C\" >= '1' OR {v}::numeric > 0)",
        usual=f"{_BEGINS_WITH_DIGIT} AND {{valid}}({{v}}, 'numeric')",
        reading="pg_temp.imports_amount({v}, %(money)s)",
        value="{v}::numeric(20,2)",
        shows=fits.amount,
        money=True,
        example="1000.00",
        shape="amount",
    )


def currency() -> Column:
    """Only the platform's currency is accepted; nothing is stored."""
    return Column(
        "currency",
        (Fault("upper(normalize({v}, NFKC)) <> ALL(%(currencies)s)", make_reason("other_currency")),),
        stored=False,
        shows=fits.currency,
        shape="currency",
    )


def choice(name: str, words: list[str], *, target: str = "") -> Column:
    """One of some words, or what files call them (crm.imports.vocabulary.words)."""
    exact = ", ".join(f"'{word}'" for word in words)
    return Column(
        name,
        (Fault(f"{{v}} NOT IN ({exact})", make_reason("not_one_of", words=", ".join(words))),),
        usual=f"{{v}} IN ({exact})",
        reading=f"coalesce(%(words_{name})s::jsonb ->> {{v}}, {{v}})",
        words=tuple(words),
        target=target,
        shows=fits.one_of(words),
        shape="choice",
    )


def integer(name: str, *, least: int = 1, most: int = 100_000) -> Column:
    """A whole number between two bounds."""
    return Column(
        name,
        (
            Fault(
                f"btrim({{v}}, '{DIGITS}') <> ''", make_reason("not_whole"), partial(explain_signs, DIGITS)
            ),
            Fault(f"length({{v}}) > 9 OR {{v}}::bigint > {most}", make_reason("above", most=most)),
            Fault(f"{{v}}::bigint < {least}", make_reason("below", least=least)),
        ),
        usual=f"{_BEGINS_WITH_DIGIT} AND {{valid}}({{v}}, 'integer')",
        reading="regexp_replace(pg_temp.imports_amount({v}, %(money)s), '[.]0+$', '')",
        value="{v}::integer",
        shows=fits.whole,
        example=str(max(least, 90)),
        shape="whole",
    )


def json_object(name: str, *, mask: str = "") -> Column:
    """A JSON object that Python can read back, or nothing: PostgreSQL takes deeper ones and any number."""
    openers = "length({v}) - length(translate({v}, '[{', ''))"
    large = f'"number" && (@ >= 1e{JSON_DIGITS} || @ <= -1e{JSON_DIGITS})'
    return Column(
        name,
        (
            Fault(
                f"octet_length({{v}}) > {MAX_JSON_BYTES}", make_reason("too_many_bytes", size=MAX_JSON_BYTES)
            ),
            Fault("NOT {valid}({v}, 'jsonb')", make_reason("not_json")),
            Fault("jsonb_typeof({v}::jsonb) <> 'object'", make_reason("not_object")),
            Fault(
                f"{openers} > {JSON_DEPTH} AND"
                f" jsonb_path_exists({{v}}::jsonb, 'strict $.**{{{JSON_DEPTH} to last}}')",
                make_reason("json_depth", most=JSON_DEPTH),
                partial(locate, JSON_DEPTH, JSON_DIGITS),
            ),
            Fault(
                # Only an exponent or a long text can make a number so large.
                f"(octet_length({{v}}) > {JSON_DIGITS} OR {{v}} ~* '[0-9]e') AND"
                f" jsonb_path_exists({{v}}::jsonb, 'strict $.** ? (@.type() == {large})')",
                make_reason("json_number", digits=JSON_DIGITS),
                partial(locate, JSON_DEPTH, JSON_DIGITS),
            ),
        ),
        form="outer",
        value="{v}::jsonb",
        mask=mask,
        example="{}",
        shape="json",
    )


def words(name: str, size: int) -> Column:
    """Words separated by `;` or `|`, stored sorted, each once."""
    split = "regexp_split_to_table({v}, '[;|；]') AS word WHERE btrim(word) <> ''"
    return Column(
        name,
        (
            Fault(
                f"(SELECT max(length(btrim(word))) FROM {split}) > {size}",  # noqa: S608  # fixed words
                make_reason("word_too_long", size=size),
            ),
        ),
        form="line",
        value=f"ARRAY(SELECT DISTINCT btrim(word)::varchar({size}) FROM {split} ORDER BY 1)",  # noqa: S608  # fixed words
        shows=fits.free_text,
        shape="words",
    )


def encrypted(
    name: str,
    normalise: Normalise,
    *,
    mask: str,
    indexed: bool = True,
    signs: str = "",
    form: Form = "id",
) -> Column:
    """Personal data that no table may hold in plain; `signs` are those that such a value is made of."""
    explain = partial(explain_signs, signs) if signs else None
    return Column(
        name,
        form=form,
        normalise=normalise,
        mask=mask,
        indexed=indexed,
        explain=explain,
        shape="personal",
    )
