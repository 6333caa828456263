from django.apps import AppConfig


class ImportsConfig(AppConfig):
    name = "crm.imports"
    label = "imports"
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        from crm.imports.pages import messages
        from crm.imports.runs import queue
        from crm.web.jobs import runs

        queue.register()
        runs.name_family("import ", messages.job_label)
