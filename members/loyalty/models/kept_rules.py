"""The rules of badges and quests, who matches them, and what is left to evaluate."""

from __future__ import annotations

from django.db import models
from django.db.models import Q

from members.loyalty.models.incentives import IncentiveVersion
from members.profiles.models import Member


class KeptRule(models.Model):
    """A rule of a version: `position` 0 is the badge's rule or the quest's start, then the quest's steps.

    `computed_at` is the instant as of which it was asked of all members (NULL: still to be done, once the
    version takes effect). `writers` is the id of the oldest transaction that may have begun to
    write facts before the triggers knew of the rule. `failure` is a code of what went wrong at `failed_at`.
    `ends_at`: from then on nobody needs its answer.
    """

    version = models.ForeignKey(
        IncentiveVersion, on_delete=models.PROTECT, related_name="rules", db_index=False
    )
    position = models.PositiveSmallIntegerField()
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField(null=True)
    computed_at = models.DateTimeField(null=True)
    writers = models.BigIntegerField(null=True)
    failure = models.CharField(max_length=20, blank=True, default="", db_default="")
    failed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["version", "position"], name="keptrule_once"),
            models.CheckConstraint(
                name="keptrule_failed_with_a_code",
                condition=Q(failed_at=None, failure="")
                | (Q(failed_at__isnull=False, computed_at=None) & ~Q(failure="")),
            ),
        ]


class IncentiveRead(models.Model):
    """A rule reads a table: changes of it mark their members. Triggers look here first."""

    rule = models.ForeignKey(KeptRule, on_delete=models.CASCADE, related_name="reads", db_index=False)
    table_name = models.CharField(max_length=63)

    class Meta:
        db_table = "loyalty_incentive_read"
        constraints = [
            models.UniqueConstraint(fields=["table_name", "rule"], name="incentiveread_once"),
        ]


class IncentiveDirty(models.Model):
    """Facts in `source`, a table, changed of a member (NULL: of any): the latest is of `at` or `day`."""

    member_id = models.BigIntegerField(null=True)
    source = models.CharField(max_length=63)
    at = models.DateTimeField(null=True)
    day = models.DateField(null=True)

    class Meta:
        db_table = "loyalty_incentive_dirty"
        indexes = [models.Index(fields=["member_id"], name="incentivedirty_of_member")]


class RuleMatch(models.Model):
    """A member matches a badge's rule or a quest's start, since `since`."""

    pk = models.CompositePrimaryKey("member_id", "rule_id")
    member = models.ForeignKey(
        Member, on_delete=models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False
    )
    rule = models.ForeignKey(
        KeptRule, on_delete=models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False
    )
    since = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["rule"], name="rulematch_of_rule")]


class RuleDue(models.Model):
    """The first instant at which time alone may change something: an answer, or a badge's period ends."""

    pk = models.CompositePrimaryKey("member_id", "rule_id")
    member = models.ForeignKey(
        Member, on_delete=models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False
    )
    rule = models.ForeignKey(
        KeptRule, on_delete=models.DO_NOTHING, related_name="+", db_constraint=False, db_index=False
    )
    due_at = models.DateTimeField()

    class Meta:
        indexes = [models.Index(fields=["rule", "due_at"], name="ruledue_by_time")]
