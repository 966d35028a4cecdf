"""The addresses of the cloud's services: the credential's own, else those of its region."""

from __future__ import annotations

from ocrportal.catalogue.spec import region_host
from ocrportal.engines.cloud import CloudAccess


def ocr_url(access: CloudAccess) -> str:
    """Scheme and host of the OCR service, without a slash at the end."""
    return (access.ocr_endpoint or f"https://{region_host(access.region, 'ocr')}").rstrip("/")


def iam_url(access: CloudAccess) -> str:
    """Scheme and host of IAM, without a slash at the end."""
    return (access.iam_endpoint or f"https://{region_host(access.region, 'iam')}").rstrip("/")
