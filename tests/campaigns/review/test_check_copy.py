"""manage.py check_copy: a line in, a line out, whatever the lines hold."""

import json
import subprocess
import sys

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from campaigns.review.wording.lines import LONGEST, answers, numbered_lines
from campaigns.review.wording.sources import load


def ask(*lines):
    return [json.loads(line) for line in answers(lines, load("cn"))]


def test_a_finding_tells_where_why_and_by_what_law():
    line = json.dumps({"id": 7, "text": "😀本产品保本", "lang": "zh", "product_risk": None}).encode()
    [answer] = ask(line)
    [finding] = answer["findings"]
    assert answer["id"] == 7
    assert (finding["category"], finding["severity"]) == ("guarantee", "block")
    assert (finding["start"], finding["end"], finding["text"]) == (4, 6, "保本")
    assert "《广告法》 25(1)" in finding["basis"]
    assert "待合规确认" in finding["basis"]
    assert finding["why"] and finding["mend"]


BAD = {
    b"xx": "not JSON",
    b"\xff{}": "not UTF-8",
    b"[1]": "not a JSON object",
    b'{"id": 1}': "text",
    b'{"text": "a"}': "id",
    b'{"id": [], "text": "a"}': "id",
    b'{"id": 1, "text": 5}': "text",
    b'{"id": NaN, "text": "a"}': "not JSON",
    b'{"id": 1, "text": "a", "product_risk": "R9"}': "product_risk",
    b'{"id": 1, "text": "a", "product_risk": []}': "product_risk",
    b'{"id": 1, "text": "a", "regime": "QQ"}': "regime",
    b'{"id": 1, "text": "a", "channel": 4}': "channel",
    b'{"id": 1, "text": "a", "channel": "fax"}': "channel",
    b"[" * 100_000: "not JSON",
    b" " * 10 + b'"' + b"a" * LONGEST: "longer than",
}


@pytest.mark.parametrize("line", BAD, ids=[name[:24] for name in map(str, BAD)])
def test_a_bad_line_is_answered_with_its_fault_and_the_rest_go_on(line):
    wrong, right = ask(line, b'{"id": 2, "text": "hello"}')
    assert wrong["id"] is None
    assert wrong["error"].startswith("line 1: ")
    assert BAD[line] in wrong["error"]
    assert right == {"id": 2, "findings": []}


def test_blank_lines_and_a_mark_of_byte_order_are_passed_over():
    assert ask(b"", b"  \n", b'\xef\xbb\xbf{"id": "a", "text": ""}') == [{"id": "a", "findings": []}]


def test_a_lone_surrogate_comes_back_as_it_went_in():
    [answer] = ask(b'{"id": "\\ud800", "text": "\\ud800"}')
    assert answer["id"] == "\ud800"


def test_a_line_that_is_too_long_is_cut_and_the_next_one_read(tmp_path):
    path = tmp_path / "lines"
    path.write_bytes(b"a" * (3 * LONGEST) + b"\nsecond\n")
    with path.open("rb") as stream:
        assert [len(line) for line in numbered_lines(stream)] == [LONGEST + 1, 7]


def test_the_command_needs_no_database():
    done = subprocess.run(
        [sys.executable, "manage.py", "check_copy"],
        input=b"{}\n" + '{"id": 1, "text": "稳赚不赔", "product_risk": null}\n'.encode(),
        capture_output=True,
        cwd=settings.BASE_DIR,
        check=True,
    )
    first, second = map(json.loads, done.stdout.splitlines())
    assert first["id"] is None
    assert {one["severity"] for one in second["findings"]} == {"block"}


@pytest.mark.django_db
def test_an_unknown_pack_is_refused_by_name():
    with pytest.raises(CommandError, match="there is no rule pack|There is no rule pack “mars”"):
        call_command("check_copy", pack="mars")
