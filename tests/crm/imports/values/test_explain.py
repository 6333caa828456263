"""What is wrong is told by the kind of sign and its place, and quotes no letter or digit of the value."""

import pytest

from crm.imports.models import Reject
from crm.imports.values.explain import unexpected_sign
from tests.crm.imports.files import row, take


@pytest.mark.parametrize(
    ("text", "why"),
    [
        ("1234，56", "character 5 is a full-width “,”"),
        ("138\u200b0000", "character 4 is invisible (U+200B)"),
        ("138 0000", "character 4 is a blank"),
        ("138a0000", "character 4 is a letter"),
        ("138王0000", "character 4 is a Chinese character"),
        ("１38", "character 1 is a full-width “0-9”"),
        ("138;", "character 4 is “;”"),
        ("1380", "4 characters"),
    ],
)
def test_the_first_sign_that_does_not_belong_is_named(text, why):
    found = unexpected_sign("0123456789", text)
    assert found is not None and found.said() == why


@pytest.mark.django_db
def test_a_masked_value_says_what_is_wrong_with_it(tmp_path):
    result = take(tmp_path, "members", row("members", mobile="1381234，5678"))
    assert result.rejects[0].as_json()["detail"] == "character 8 is a full-width “,”"
    assert "，" not in result.rejects[0].value
    assert Reject.objects.get().reason.said() == "not a valid mobile number: character 8 is a full-width “,”"
