"""Who was in which segment, from when to when."""

from __future__ import annotations

from django.db import models
from django.db.models import F, Func, Q, Value

from members.profiles.models import Member
from members.segments.models.segment import Segment


class Membership(models.Model):
    """A member in a segment from `joined_at` until `left_at` (NULL: still).

    Both are the instant of the fact, or the due instant, that brought it. Spells of one member in one
    segment do not overlap. `began`: in the segment when its version was computed, which is no joining.
    """

    pk = models.CompositePrimaryKey("member_id", "id")
    id = models.BigIntegerField(db_default=Func(Value("segments_membership_id"), function="nextval"))
    member = models.ForeignKey(Member, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False)
    segment = models.ForeignKey(Segment, on_delete=models.DO_NOTHING, db_constraint=False, db_index=False)
    joined_at = models.DateTimeField()
    left_at = models.DateTimeField(null=True)
    began = models.BooleanField(default=False, db_default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["segment", "member"], condition=Q(left_at=None), name="membership_open_once"
            ),
            models.CheckConstraint(
                name="membership_ends_after_start", condition=Q(left_at=None) | Q(left_at__gte=F("joined_at"))
            ),
        ]
