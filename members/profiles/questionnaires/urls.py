"""Addresses of risk questionnaires."""

from __future__ import annotations

from django.urls import URLPattern, path

from members.profiles.questionnaires.pages import answer, member_deeds, settings

urlpatterns: list[URLPattern] = [
    path("questionnaires/", settings.questionnaire_settings, name="questionnaires"),
    path("questionnaires/change/", settings.change_questionnaire, name="questionnaire-change"),
    path("questionnaire/<str:token>/", answer.answer_page, name="questionnaire-answer"),
    path("members/<id:member_id>/questionnaire/link/", member_deeds.send_link, name="assessment-request"),
    path(
        "members/<id:member_id>/questionnaire/withdraw/",
        member_deeds.withdraw_assessment,
        name="assessment-withdraw",
    ),
]
