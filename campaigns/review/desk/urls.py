"""The review desk's addresses, in the administration."""

from __future__ import annotations

from django.urls import path

from campaigns.review.desk.pages import lists, version

urlpatterns = [
    path("", lists.queue, name="review-queue"),
    path("next/", version.claim_next, name="review-next"),
    path("approved/", lists.approved, name="review-approved"),
    path("ending/", lists.ending, name="review-ending"),
    path("lapsed/", lists.lapsed, name="review-lapsed"),
    path("exceptions/", lists.exception_list, name="review-exceptions"),
    path("opinions/", lists.opinions, name="review-opinions"),
    path("<id:version_id>/", version.version_view, name="review-version"),
    path("<id:version_id>/previews/", version.previews_view, name="review-previews"),
    path("<id:version_id>/claim/", version.claim, name="review-claim"),
    path("<id:version_id>/decide/", version.decide, name="review-decide"),
    path("<id:version_id>/<id:finding_id>/accept/", version.accept, name="review-accept"),
    path("<id:version_id>/<id:finding_id>/except/", version.ask_exception, name="review-except"),
]
