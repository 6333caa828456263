"""Templates without their indentation: what a browser shows stays the same."""

from __future__ import annotations

import pytest
from django.template import engines
from django.template.loader import get_template

from crm.web.assets.template_loader import without_indentation


@pytest.mark.parametrize(
    "source, served",
    [
        ("<ul>\n  <li>a</li>\n\t<li>b</li>\n</ul>\n", "<ul>\n<li>a</li>\n<li>b</li>\n</ul>\n"),
        ("a <b>b</b>  <i>c</i>", "a <b>b</b>  <i>c</i>"),
        ("<p>\n  a\n  <pre>\n  1\n    2</pre>\n  b</p>", "<p>\na\n<pre>\n  1\n    2</pre>\nb</p>"),
        ("  <textarea>\n  x</textarea>", "  <textarea>\n  x</textarea>"),
        (
            "<i>\n  {% blocktrans %}a\n  b{% endblocktrans %} c",
            "<i>\n{% blocktrans %}a\n  b{% endblocktrans %} c",
        ),
        (
            "{% blocktrans trimmed %}\n  a\n  b\n{% endblocktrans %}",
            "{% blocktrans trimmed %}\na\nb\n{% endblocktrans %}",
        ),
        ('<a\n   href="x"\n   class="y">z</a>', '<a\nhref="x"\nclass="y">z</a>'),
    ],
)
def test_only_indentation_goes_and_only_where_it_says_nothing(source, served):
    assert without_indentation(source) == served
    assert served.count("\n") == source.count("\n")  # so that errors name the right line


def test_our_templates_are_served_like_that_and_partials_are_found():
    get_template("directory/list/list.html#rows")
    for name in ("base.html", "directory/list/list.html"):
        source = engines["django"].engine.get_template(name).source
        assert "\n<" in source
        assert "\n " not in source
