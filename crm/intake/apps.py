from django.apps import AppConfig


class IntakeConfig(AppConfig):
    name = "crm.intake"
    label = "intake"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from crm.intake import queue, said
        from crm.web import runs

        queue.register()
        runs.name_family("import ", said.job_label)
