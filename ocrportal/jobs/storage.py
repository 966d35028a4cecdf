"""Originals and page pictures in a bucket of OBS or of another store that speaks S3."""

from __future__ import annotations

from typing import Any

from storages.backends.s3 import S3Storage  # type: ignore[import-untyped]  # it ships no types

from ocrportal.ingest.fetch.object_store import client_config


class BucketStorage(S3Storage):  # type: ignore[misc]  # the same
    """Storage that asks as OBS wants to be asked. It deletes object by object, as OBS needs too."""

    def __init__(self, **options: Any) -> None:
        super().__init__(client_config=client_config(options["endpoint_url"] or ""), **options)
