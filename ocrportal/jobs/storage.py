"""Storage of originals and images in a bucket of OBS or another S3-compatible store."""

from __future__ import annotations

from typing import Any

from storages.backends.s3 import S3Storage  # type: ignore[import-untyped]  # it ships no types

from ocrportal.ingest.fetch.object_store import client_config


class BucketStorage(S3Storage):  # type: ignore[misc]  # the same
    """S3 storage with the requests that OBS accepts; objects are deleted one by one."""

    def __init__(self, **options: Any) -> None:
        super().__init__(client_config=client_config(options["endpoint_url"] or ""), **options)
