"""Addresses of risk questionnaires."""

from __future__ import annotations

from django.urls import URLPattern, path

from members.profiles.questionnaires.pages import answer

urlpatterns: list[URLPattern] = [
    path("questionnaire/<str:token>/", answer.answer_page, name="questionnaire-answer"),
]
