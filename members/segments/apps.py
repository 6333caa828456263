from django.apps import AppConfig
from django.db.models.signals import post_migrate


class SegmentsConfig(AppConfig):
    name = "members.segments"
    label = "segments"
    mount = "segments/"

    def ready(self) -> None:
        from members.segments.keeping.marks import write_marking_triggers
        from members.segments.publish import publish

        publish()
        post_migrate.connect(
            write_marking_triggers, sender=self, dispatch_uid="triggers that mark members of segments"
        )
