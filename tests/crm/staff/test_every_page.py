"""Every address of the product stands behind the table of rights, or is one of the few that cannot."""

from django.urls import URLPattern, URLResolver, get_resolver

from crm.staff.permissions import actions

# Before signing in there is nobody to ask for a right; what is one's own needs none.
OPEN = {
    "sign-in",
    "set-password",
    "questionnaire-answer",
    "unsubscribe",
    "choose-language",
    "choose-rising",
    "choose-theme",
}
OWN = {"sign-out", "password-change", "account", "account-sessions", "my-reveals"}


def _pages(patterns):
    for pattern in patterns:
        if isinstance(pattern, URLResolver) and pattern.app_name != "admin":
            yield from _pages(pattern.url_patterns)
        elif isinstance(pattern, URLPattern):
            yield pattern


def test_every_page_names_the_action_it_needs():
    pages = list(_pages(get_resolver().url_patterns))
    assert {page.name for page in pages} >= OPEN | OWN | {"home", "members"}
    known = set(actions.values())
    unguarded = {page.name for page in pages if getattr(page.callback, "allowed_action", None) not in known}
    assert unguarded == OPEN | OWN
