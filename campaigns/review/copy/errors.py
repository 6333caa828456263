"""Why something is not done with copy; sentences.py puts each reason into words."""

from __future__ import annotations

from enum import StrEnum

from crm.runtime.errors import CodedError


class Refusal(StrEnum):
    NOT_EDITABLE = "copy_not_editable"
    CHANGED_MEANWHILE = "copy_changed_meanwhile"  # revision
    OPEN_VERSION = "copy_open_version"
    COPY_FIXED = "copy_fixed"
    CODE_TAKEN = "copy_code_taken"
    PRODUCT_NEEDED = "copy_product_needed"
    PRODUCT_NOT_ALLOWED = "copy_product_not_allowed"
    BODY_EMPTY = "copy_body_empty"
    BODY_TOO_LONG = "copy_body_too_long"  # most
    SUBJECT_TOO_LONG = "copy_subject_too_long"  # most
    FIGURES_DATES = "copy_figures_dates"  # days
    FIGURES_PASSED = "copy_figures_passed"
    BAD_SIGN = "copy_bad_sign"  # line, column
    SYNTAX = "copy_syntax"  # line, column, detail
    EXPRESSION = "copy_expression"  # line, column, found
    UNDECLARED = "copy_undeclared"  # line, column, name
    BAD_VARIABLE = "copy_bad_variable"  # name
    UNUSED_VARIABLE = "copy_unused_variable"  # name
    VALUE_MISSING = "copy_value_missing"  # name
    BAD_VALUE = "copy_bad_value"  # name, type
    TOO_LONG_RENDERED = "copy_too_long_rendered"
    NOT_CHECKED = "copy_not_checked"
    NO_SAMPLE = "copy_no_sample"
    NOBODY_TO_SAMPLE = "copy_nobody_to_sample"
    SAMPLE_FINDING = "copy_sample_finding"  # rule, text
    UNANSWERED = "copy_unanswered"  # count
    NOT_SUBMITTED = "copy_not_submitted"
    OWN_COPY = "copy_own"
    OTHER_TEXT = "copy_other_text"
    OPEN_FINDINGS = "copy_open_findings"  # count
    CHECK_AGAIN = "copy_check_again"  # pack
    STALE_CHECK = "copy_stale_check"  # pack
    TOO_LONG_APPROVAL = "copy_too_long_approval"  # days
    CANNOT_WITHDRAW = "copy_cannot_withdraw"
    ONLY_WARNINGS = "copy_only_warnings"
    NO_EXCEPTION_FOR_WARNING = "copy_no_exception_for_warning"
    ALREADY_EXCEPTED = "copy_already_excepted"
    FINDING_GONE = "copy_finding_gone"
    FILE_TYPE = "copy_file_type"
    FILE_TOO_LARGE = "copy_file_too_large"  # megabytes
    FILE_TWICE = "copy_file_twice"


class CopyRefused(CodedError):
    """Something is not done with copy; `code` is a Refusal."""
