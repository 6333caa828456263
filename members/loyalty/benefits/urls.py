"""Addresses of benefits and their use."""

from __future__ import annotations

from django.urls import URLPattern, path

from members.loyalty.benefits.pages import desk, reconcile, settings

urlpatterns: list[URLPattern] = [
    path("", settings.benefit_settings, name="benefit-settings"),
    path("new/", settings.new_benefit, name="benefit-new"),
    path("<id:benefit_id>/", settings.change_benefit, name="benefit-change"),
    path("costs/", reconcile.reconcile_benefits, name="benefit-reconcile"),
    path("costs/export/", reconcile.export_uses, name="benefit-reconcile-export"),
    path("desk/", desk.benefit_desk, name="benefit-desk"),
    path("desk/<id:member_id>/", desk.member_desk, name="benefit-desk-member"),
    path("desk/<id:member_id>/record/", desk.record_use, name="benefit-record"),
    path("desk/<id:member_id>/undo/", desk.undo_use, name="benefit-undo"),
    path("desk/<id:member_id>/request/", desk.request_grant, name="benefit-request"),
]
