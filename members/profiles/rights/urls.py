"""Addresses of consents, the suppression list, contacts, the contact policy and the rights of members."""

from __future__ import annotations

from django.urls import path

from members.profiles.consent.pages import deeds as consent
from members.profiles.consent.pages import suppression, unsubscribe
from members.profiles.contact.pages import deeds as contact
from members.profiles.contact.pages import policy
from members.profiles.rights.pages import desk

urlpatterns = [
    path("members/<id:member_id>/consents/new/", consent.give_consent, name="consent-give"),
    path("members/<id:member_id>/consents/withdraw/", consent.withdraw_consent, name="consent-withdraw"),
    path("members/<id:member_id>/contacts/new/", contact.new_contact, name="contact-new"),
    path("members/<id:member_id>/contacts/preference/", contact.change_preference, name="contact-preference"),
    path("unsubscribe/<str:token>/", unsubscribe.unsubscribe_page, name="unsubscribe"),
    path("suppression/", suppression.suppression_page, name="suppression"),
    path("suppression/find/", suppression.find_suppressions, name="suppression-find"),
    path("suppression/new/", suppression.add_suppression, name="suppression-new"),
    path("suppression/<id:suppression_id>/lift/", suppression.propose_lift, name="suppression-lift"),
    path("contact-policy/", policy.contact_policy, name="contact-policy"),
    path("contact-policy/texts/", policy.consent_texts, name="consent-texts"),
    path("rights/", desk.rights_desk, name="rights"),
    path("members/<id:member_id>/rights/new/", desk.new_request, name="rights-new"),
    path("members/<id:member_id>/rights/<id:rights_id>/", desk.answer_request, name="rights-answer"),
    path("members/<id:member_id>/rights/<id:rights_id>/export/", desk.export_data, name="rights-export"),
    path("members/<id:member_id>/rights/erase/", desk.propose_erasure, name="rights-erase"),
    path("members/<id:member_id>/rights/sealed/", desk.sealed_data, name="rights-sealed"),
]
