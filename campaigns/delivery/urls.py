"""Addresses of delivery."""

from __future__ import annotations

from django.urls import URLPattern, path

from campaigns.delivery.pages import ask, message, outbox

urlpatterns: list[URLPattern] = [
    path("outbox/", outbox.outbox_page, name="outbox"),
    path("outbox/<id:member_id>/<id:message_id>/", message.message_page, name="outbox-message"),
    path("ask/", ask.ask_page, name="gate-ask"),
]
