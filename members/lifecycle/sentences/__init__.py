"""Lifecycle in words: the one place where codes, numbers and dates become sentences for pages, API and files.

`stages` names stages, `explanation` says why a member is in one and what comes next, `history` why a stage
changed or a warning was raised, `policy` words thresholds, trials and refusals. All in the reader's language.
"""
