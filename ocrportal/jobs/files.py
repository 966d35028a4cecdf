"""Where originals and page pictures lie in the storage, and how they go again."""

from __future__ import annotations

import errno

from django.core.files.storage import Storage, default_storage

from ocrportal.jobs.models import Document, Page
from ocrportal.jobs.models.export import Export


def source_path(document: Document, extension: str) -> str:
    """Where the original goes. The user's name for it never becomes part of a path."""
    return f"jobs/{document.job_id}/{document.pk}/source.{extension}"


def member_path(archive: Document, number: int, extension: str) -> str:
    """Where a file out of an archive goes, which has no document of its own yet."""
    return f"jobs/{archive.job_id}/{archive.pk}/m{number:05}.{extension}"


def converted_path(document: Document, ending: str) -> str:
    """Where the file goes that the original was converted to; ``ending`` has its dot."""
    return f"jobs/{document.job_id}/{document.pk}/converted{ending}"


def picture_path(page: Page, extension: str, part: int = 0) -> str:
    """Where the picture of a page, or of a part of it, goes; ``extension`` is jpg or png."""
    return f"jobs/{page.job_id}/{page.document_id}/p{_number(page, part)}.{extension}"


def thumbnail_path(page: Page, part: int = 0) -> str:
    """Where the thumbnail goes, always a JPEG."""
    return f"jobs/{page.job_id}/{page.document_id}/t{_number(page, part)}.jpg"


def export_path(export: Export, ending: str) -> str:
    """Where this attempt at an export goes; ``ending`` has its dot."""
    return f"jobs/{export.job_id}/exports/{export.pk}/{export.attempts}{ending}"


def delete_export_files(job_id: int, export_id: int) -> None:
    """Remove what is stored of an export, also by attempts that came to nothing."""
    _delete_tree(default_storage, f"jobs/{job_id}/exports/{export_id}")


def delete_job_files(job_id: int) -> None:
    """Remove everything stored for a job, also what an ended worker left behind."""
    _delete_tree(default_storage, f"jobs/{job_id}")


def _delete_tree(storage: Storage, path: str) -> None:
    try:
        folders, files = storage.listdir(path)
    except FileNotFoundError:
        return
    for name in files:
        storage.delete(f"{path}/{name}")
    for name in folders:
        _delete_tree(storage, f"{path}/{name}")
    try:
        # A folder on disk stays until it is deleted itself; for a bucket this deletes nothing.
        storage.delete(path)
    except OSError as error:
        # A worker has just stored a picture in it, and removes both when it finds no row.
        if error.errno != errno.ENOTEMPTY:
            raise


def _number(page: Page, part: int) -> str:
    return f"{page.number:05}-{part}" if part else f"{page.number:05}"
