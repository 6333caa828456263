"""What is served: one style sheet in the right order, modules that import each other by hashed names."""

import re
import shutil
from pathlib import Path

import pytest
from django.core.files.storage import FileSystemStorage

from crm.web.assets.storage import JOINED, MODULES, JoinedStorage
from crm.web.assets.styles import sheets

STATIC = Path("static")
ELSEWHERE = {"admin"}  # sheets of pages that are not ours to draw


def linked(pattern: str) -> set[str]:
    """What the templates name by their own `static` tags."""
    return {
        name
        for path in Path("templates").rglob("*.html")
        for name in re.findall(rf"""{{% static ['"]{pattern}['"] %}}""", path.read_text(encoding="utf-8"))
    }


def process(storage: JoinedStorage) -> None:
    """What collectstatic does once the files are in their place."""
    files = FileSystemStorage(location=str(STATIC))
    names = [str(path.relative_to(STATIC)) for path in STATIC.rglob("*") if path.is_file()]
    results = list(storage.post_process({name: (files, name) for name in names}))
    assert [result for *_, result in results if isinstance(result, Exception)] == []


@pytest.fixture(scope="module")
def collected(tmp_path_factory) -> tuple[JoinedStorage, Path]:
    """static/ as collectstatic leaves it."""
    root = tmp_path_factory.mktemp("static") / "all"
    shutil.copytree(STATIC, root)
    storage = JoinedStorage(location=str(root), base_url="/static/")
    process(storage)
    return storage, root


def test_every_sheet_and_module_is_named():
    css = STATIC / "css"
    found = {path.relative_to(css).with_suffix("").as_posix() for path in css.rglob("*.css")}
    beside = linked(r"css/([\w/]+)\.css")  # on pages of another frame, which has not the joined sheet
    assert found - ELSEWHERE == {*sheets(), *beside}
    assert {path.stem for path in STATIC.glob("js/*.js")} == {*MODULES, *linked(r"js/(\w+)\.js")}
    assert sheets()[0] == "base/layers"
    assert sheets()[-3:] == ("base/utilities", "base/touch", "base/print")


def test_the_sheets_are_joined_in_order_and_compressed(collected):
    storage, root = collected
    joined = (root / JOINED).read_text()
    assert joined == "\n".join((STATIC / "css" / f"{name}.css").read_text() for name in sheets())
    served = root / storage.stored_name(JOINED)
    assert re.fullmatch(r"all\.[0-9a-f]{12}\.css", served.name)
    assert served.with_name(served.name + ".gz").exists()


def test_joining_twice_changes_nothing(collected):
    storage, _root = collected
    before = storage.stored_name(JOINED)
    process(storage)
    assert storage.stored_name(JOINED) == before


def test_modules_import_each_other_by_hashed_names(collected):
    storage, root = collected
    for name in ("app", *MODULES):
        text = (root / storage.stored_name(f"js/{name}.js")).read_text()
        for imported in re.findall(r'from "\./([^"]+)"', text):
            assert re.fullmatch(r"\w+\.[0-9a-f]{12}\.js", imported), imported


def test_a_sheet_that_is_missing_is_named(tmp_path):
    files = FileSystemStorage(location=str(STATIC))
    storage = JoinedStorage(location=str(tmp_path), base_url="/static/")
    with pytest.raises(KeyError, match="reset"):
        list(storage.post_process({"css/base/layers.css": (files, "css/base/layers.css")}))


def test_scripts_of_others_are_left_as_they_are(tmp_path):
    (tmp_path / "vendor").mkdir()
    script = tmp_path / "vendor" / "theirs.js"
    script.write_text('import { a } from "./nowhere.js";')
    files = FileSystemStorage(location=str(tmp_path))
    storage = JoinedStorage(location=str(tmp_path), base_url="/static/")
    results = list(storage.post_process({"vendor/theirs.js": (files, "vendor/theirs.js")}))
    assert [result for *_, result in results if isinstance(result, Exception)] == []
