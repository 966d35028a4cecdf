"""What the API answers, as OpenAPI describes it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from ninja import Schema


class Problem(Schema):
    code: str
    message: str
    details: dict[str, Any]


class ErrorInfo(Schema):
    code: str
    message: str


class PageInfo(Schema):
    number: int
    status: str
    error: ErrorInfo | None


class DocumentInfo(Schema):
    id: int
    name: str
    status: str
    error: ErrorInfo | None
    pages: list[PageInfo]


class Progress(Schema):
    done: int
    failed: int
    total: int


class JobSummary(Schema):
    id: int
    name: str
    service: str
    engine: str
    status: str
    created_at: dt.datetime
    finished_at: dt.datetime | None
    progress: Progress


class JobInfo(JobSummary):
    documents: list[DocumentInfo]


class JobList(Schema):
    count: int
    page: int
    pages: int
    items: list[JobSummary]


class LineResult(Schema):
    text: str
    box: list[float]
    confidence: float


class RecognisedPage(Schema):
    document: int
    number: int
    width: int
    height: int
    rotation: int
    confidence: float | None
    text: str
    lines: list[LineResult]


class JobResult(Schema):
    id: int
    status: str
    pages: list[RecognisedPage]


class ServiceInfo(Schema):
    key: str
    name: str
    hint: str
    engines: list[str]


class EngineInfo(Schema):
    key: str
    name: str


class CredentialInfo(Schema):
    id: int
    name: str
    kind: str
    region: str
    shared: bool
    """True if it is somebody else's."""
    held: ErrorInfo | None
    """Why no call is made with it for now."""
