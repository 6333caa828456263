"""bin/bench pages opens every page there is; a new address has to say how."""

from __future__ import annotations

import pytest

from benchmarks import pages
from benchmarks.examples.every_page import EXAMPLES, NO_PAGES


def test_every_address_has_an_example_or_is_no_page():
    assert pages.unknown_addresses() == [], "say in benchmarks/examples/ how it is opened"


def test_nothing_is_said_of_addresses_that_are_gone():
    assert {*EXAMPLES, *NO_PAGES} <= set(pages.addresses())


@pytest.mark.parametrize(
    ("html", "link"),
    [
        ('<a href="/members/?sort=aum&amp;after=WyI" rel="next">', "/members/?sort=aum&amp;after=WyI"),
        ('<a hx-get="?after=x" href="/">', "?after=x"),
        ('<a href="/members/?sort=after">', None),
    ],
)
def test_the_link_to_the_next_page_is_found(html, link):
    found = pages._NEXT.search(html)
    assert (found and found[1]) == link
