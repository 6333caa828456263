"""What staff keep for their own work: saved views of the list, what they have seen."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.staff.models import Staff


class SavedView(models.Model):
    """Filters, order and columns of the list of members under a name of the owner's choice.

    `query` holds the parameters of the list's address, text by name, as they were when saved; what the list
    no longer knows is left out when the view is opened. A view without a name is the owner's own start: the
    columns they chose, and the view (`follows`) they begin with. A deleted view waits for its undo.
    """

    owner = models.ForeignKey(Staff, on_delete=models.CASCADE, related_name="saved_views", db_index=False)
    name = models.CharField(_("name"), max_length=60, blank=True)
    query = models.JSONField(default=dict)
    shared = models.BooleanField(_("shared with team"), default=False)
    place = models.PositiveSmallIntegerField(default=0)
    follows = models.ForeignKey("self", on_delete=models.SET_NULL, null=True, db_index=False)
    deleted_at = models.DateTimeField(null=True)

    class Meta:
        verbose_name = _("saved view")
        verbose_name_plural = _("saved views")
        constraints = [
            models.UniqueConstraint(
                fields=["owner", "name"], condition=Q(deleted_at=None), name="savedview_one_name"
            ),
            models.CheckConstraint(
                name="savedview_start_is_ones_own",
                condition=~Q(name="") | Q(shared=False, deleted_at=None),
            ),
            models.CheckConstraint(
                name="savedview_only_start_follows", condition=Q(follows=None) | Q(name="")
            ),
        ]
        indexes = [models.Index(fields=["shared"], condition=Q(shared=True), name="savedview_shared")]

    def __str__(self) -> str:
        return self.name


class SeenNewNormal(models.Model):
    """That somebody has seen a new normal, (member, new_normal) of members.lifecycle."""

    pk = models.CompositePrimaryKey("member", "new_normal", "staff_id")
    member = models.BigIntegerField()
    new_normal = models.BigIntegerField()
    staff = models.ForeignKey(Staff, on_delete=models.CASCADE, db_index=False, related_name="+")
    seen_at = models.DateTimeField()
