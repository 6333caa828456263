"""Pages of higher apps, for those below that lead to them without knowing whose they are."""

from __future__ import annotations

from collections.abc import Iterator

from django.urls import NoReverseMatch, get_resolver, reverse

from crm.runtime.extension.registry import RegisteredTwice


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
