from django.apps import AppConfig
from django.db.models.signals import post_migrate


class LoyaltyConfig(AppConfig):
    name = "members.loyalty"
    label = "loyalty"
    mount = "loyalty/"

    def ready(self) -> None:
        from members.loyalty.incentives.keeping.marks import write_marking_triggers
        from members.loyalty.points.earning.triggers import write_triggers
        from members.loyalty.publish import publish

        publish()
        post_migrate.connect(
            write_marking_triggers,
            sender=self,
            dispatch_uid="triggers that mark members of badges and quests",
        )
        post_migrate.connect(
            write_triggers, sender=self, dispatch_uid="triggers that mark members of earn rules"
        )
