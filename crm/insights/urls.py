"""URLs of the stage overview and the KPIs."""

from __future__ import annotations

from django.urls import path

from crm.insights.kpis.pages import views as kpis
from crm.insights.kpis.pages import views_members as kpi_members
from crm.insights.overview import views as lifecycle

urlpatterns = [
    path("lifecycle/", lifecycle.lifecycle_page, name="lifecycle"),
    path("lifecycle/moves/", lifecycle.moves_page, name="moves"),
    path("kpis/", kpis.kpis_page, name="kpis"),
    path("kpis/<slug:code>/", kpis.kpi_page, name="kpi"),
    path("kpis/<slug:code>/members/<slug:part>/", kpi_members.kpi_members_page, name="kpi-members"),
    path("kpis/<slug:code>/target/", kpis.target_page, name="kpi-target"),
    path("kpis/<slug:code>/target/<id:target_id>/undo/", kpis.undo_target_page, name="kpi-target-undo"),
]
