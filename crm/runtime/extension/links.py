"""Pages of higher apps, for those below that lead to them without knowing whose they are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from django.urls import NoReverseMatch, URLPattern, URLResolver, get_resolver, reverse

from crm.runtime.extension.registry import RegisteredTwice, judge_at_start


class Target:
    """A page that a lower app links to: it defines the target, the app that has the page leads it there."""

    def __init__(self, what: str) -> None:
        self.what = what
        self._url = ""

    def lead_to(self, url: str) -> None:
        """Set the name of the page's address, from AppConfig.ready(). Raises RegisteredTwice."""
        if self._url:
            raise RegisteredTwice(f"{self.what} is registered twice: {self._url!r} and {url!r}")
        self._url = url

    def address(self, *arguments: object) -> str:
        """The page's address; empty where no app has such a page."""
        return reverse(self._url, args=arguments) if self._url else ""


def missing(*urls: str) -> Iterator[str]:
    """One line for each of these names of addresses that no page has."""
    for url in urls:
        try:
            reverse(url)
        except NoReverseMatch:
            if url not in get_resolver().reverse_dict:  # those there take arguments
                yield f"no page has the address name {url!r}"


def pages(patterns: Iterable[URLPattern | URLResolver] | None = None) -> Iterator[URLPattern]:
    """The addresses of the product's own pages, or of these patterns; the administration has a namespace."""
    for pattern in get_resolver().url_patterns if patterns is None else patterns:
        if isinstance(pattern, URLPattern):
            yield pattern
        elif pattern.namespace is None:
            yield from pages(pattern.url_patterns)


@judge_at_start
def names_taken_twice() -> Iterator[str]:
    """One line for each name of an address that two views have, of which only one is ever led to."""
    views: dict[str, str] = {}
    for pattern in pages():
        here = f"{pattern.callback.__module__}.{pattern.callback.__qualname__}"
        there = views.setdefault(str(pattern.name), here)
        if there != here:
            yield f"address name {pattern.name!r} is taken twice: by {there} and {here}"
