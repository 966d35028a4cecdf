"""What is stored for a job goes with it."""

from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, default_storage

from ocrportal.jobs import files
from ocrportal.jobs.files import delete_job_files


def test_deleting_removes_the_files_of_one_job_only():
    for path in (
        "jobs/7/1/source.pdf",
        "jobs/7/1/p00001.jpg",
        "jobs/7/2/x",
        "jobs/70/1/source.pdf",
    ):
        default_storage.save(path, ContentFile(b"content"))

    delete_job_files(7)

    assert default_storage.listdir("jobs") == (["70"], [])
    assert default_storage.exists("jobs/70/1/source.pdf")


def test_deleting_a_job_without_files_raises_nothing():
    delete_job_files(7)


class StorageWithWorker(FileSystemStorage):
    """A worker stores one more picture while the folder is emptied."""

    def delete(self, name: str) -> None:
        super().delete(name)
        if name.endswith("source.pdf"):
            (Path(self.location) / "jobs/7/1/p00002.jpg").write_bytes(b"picture")


def test_deleting_continues_past_a_file_that_is_being_stored(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    storage = StorageWithWorker(tmp_path)
    monkeypatch.setattr(files, "default_storage", storage)
    for path in ("jobs/7/1/source.pdf", "jobs/7/2/source.pdf"):
        storage.save(path, ContentFile(b"content"))
    (tmp_path / "jobs/7/2/source.pdf").rename(tmp_path / "jobs/7/2/other.pdf")

    delete_job_files(7)

    left = [path for path in tmp_path.rglob("*") if path.is_file()]
    assert left == [tmp_path / "jobs/7/1/p00002.jpg"]
