"""Addresses of suitability."""

from __future__ import annotations

from django.urls import URLPattern, path

from members.portfolio.suitability.pages import member, ratings

urlpatterns: list[URLPattern] = [
    path("", ratings.product_ratings, name="product-ratings"),
    path("products/<id:product_id>/", ratings.product_rating, name="product-rating"),
    path("house-rule/", ratings.house_rule, name="house-rule"),
    path("members/<id:member_id>/status/", member.investor_status, name="investor-status"),
    path("members/<id:member_id>/status/end/", member.end_status, name="investor-status-end"),
    path("members/<id:member_id>/purchases/", member.purchase_check, name="purchase-check"),
]
