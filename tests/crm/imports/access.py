"""Imports for the world in which every address is tried (tests.crm.staff.access_world)."""

from __future__ import annotations

from pathlib import Path

from crm.imports import kinds
from crm.imports.loading.load import import_file
from crm.imports.models import BulkFix, ImportRun, Upload
from crm.imports.uploads import encrypted_files, upload
from tests.crm.cast import NOW


class Imports:
    """A run with a reject, one that waits, one that failed; a file that nobody has imported."""

    def __init__(self, folder: Path) -> None:
        file = folder / "channels.csv"
        file.write_text("channel,name\n,网站\n", encoding="utf-8")
        import_file("channels", file, source="", now=NOW, dry_run=False)
        self.run = ImportRun.objects.latest("pk")
        self.reject_id = self.run.rejects.values_list("pk", flat=True)[0]
        fix = BulkFix.objects.create(run=self.run, field="x", code="x", rows=0, staff_id=1, at=NOW)
        self.fix_id = fix.pk
        for name in ("App", "应用"):
            file.write_text(f"channel,name\napp,{name}\n", encoding="utf-8")
            import_file("channels", file, source="", now=NOW, dry_run=False)
        self.undoable = ImportRun.objects.latest("pk")
        self.upload = _uploaded()
        self.waiting = upload.start(_uploaded(), dry_run=False, staff_id=1, now=NOW)
        self.failed = ImportRun.objects.create(
            kind="channels", filename="channels.csv", started_at=NOW, finished_at=NOW, outcome="failed",
            upload=_uploaded(),
        )  # fmt: skip


def _uploaded() -> Upload:
    content = b"channel,name\napp,App\n"
    writer = encrypted_files.Writer()
    writer.write(content)
    writer.close()
    return upload.create_upload(
        file=writer.name, filename="channels.csv", size=len(content), kind=kinds.get("channels"), source="",
        staff_id=1, now=NOW,
    )  # fmt: skip
