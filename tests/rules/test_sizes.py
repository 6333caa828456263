"""What is found in two clicks is small: files, functions and folders."""

from __future__ import annotations

import ast
from collections import Counter

from tests.rules.source import ROOT, modules, modules_of_tests

ALL = [*modules(), *modules_of_tests()]
LONGEST_FILE = 300  # lines
LONGEST_FUNCTION = 50  # lines
FULLEST_FOLDER = 12  # modules


def test_files_are_short():
    lengths = {str(path): (ROOT / path).read_text(encoding="utf-8").count("\n") for path in ALL}
    assert {path: lines for path, lines in lengths.items() if lines > LONGEST_FILE} == {}


def test_functions_are_short():
    too_long = {
        f"{path}: {node.name}": lines
        for path in ALL
        for node in ast.walk(ast.parse((ROOT / path).read_text(encoding="utf-8")))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (lines := (node.end_lineno or node.lineno) - node.lineno + 1) > LONGEST_FUNCTION
    }
    assert too_long == {}


def test_folders_hold_a_dozen_modules():
    counts = Counter(str(path.parent) for path in ALL if path.name != "__init__.py")
    assert {folder: count for folder, count in counts.items() if count > FULLEST_FOLDER} == {}
