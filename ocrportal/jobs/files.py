"""The paths of stored originals, images and exports, and their deletion."""

from __future__ import annotations

import errno

from django.core.files.storage import Storage, default_storage

from ocrportal.jobs.models import Document, Page
from ocrportal.jobs.models.export import Export


def source_path(document: Document, extension: str) -> str:
    """The path of the original. The name given by the user is never part of a path."""
    return f"jobs/{document.job_id}/{document.pk}/source.{extension}"


def member_path(archive: Document, number: int, extension: str) -> str:
    """The path of a file from an archive, whose document does not exist yet."""
    return f"jobs/{archive.job_id}/{archive.pk}/m{number:05}.{extension}"


def converted_path(document: Document, ending: str) -> str:
    """The path of the converted original; ``ending`` includes the dot."""
    return f"jobs/{document.job_id}/{document.pk}/converted{ending}"


def picture_path(page: Page, extension: str, part: int = 0) -> str:
    """The path of the image of a page, or of a part of it; ``extension`` is jpg or png."""
    return f"jobs/{page.job_id}/{page.document_id}/p{_number(page, part)}.{extension}"


def thumbnail_path(page: Page, part: int = 0) -> str:
    """The path of the thumbnail, always a JPEG file."""
    return f"jobs/{page.job_id}/{page.document_id}/t{_number(page, part)}.jpg"


def export_path(export: Export, ending: str) -> str:
    """The path of this attempt at an export; ``ending`` includes the dot."""
    return f"jobs/{export.job_id}/exports/{export.pk}/{export.attempts}{ending}"


def delete_export_files(job_id: int, export_id: int) -> None:
    """Delete the files of an export, also those of earlier attempts."""
    _delete_tree(default_storage, f"jobs/{job_id}/exports/{export_id}")


def delete_job_files(job_id: int) -> None:
    """Delete all files of a job, also those of exited workers."""
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
        # Deletes the folder itself on disk; a bucket has no folders.
        storage.delete(path)
    except OSError as error:
        # A worker has just stored an image in it, and deletes both once it finds no row.
        if error.errno != errno.ENOTEMPTY:
            raise


def _number(page: Page, part: int) -> str:
    return f"{page.number:05}-{part}" if part else f"{page.number:05}"
