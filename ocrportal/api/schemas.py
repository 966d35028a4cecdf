"""What the API answers, as OpenAPI describes it."""

from __future__ import annotations

import datetime as dt
from typing import Any

from ninja import Schema

from ocrportal.results import Attachment, Block, Box, Confidence, Table


class Problem(Schema):
    code: str
    message: str
    details: dict[str, Any]


class ErrorInfo(Schema):
    code: str
    message: str


class NoteInfo(Schema):
    code: str
    message: str


class DoubtInfo(Schema):
    """A reason to look at a page. A page without doubts may have errors, too."""

    code: str
    message: str
    count: int
    """How many places were not read, or how many characters, cells or fields are uncertain."""
    total: int
    """The number of all of them on the page or in the table; 0 for other doubts."""
    box: list[float] | None
    """The place of the worst of them: four corners in pixels of the page image."""


class PageInfo(Schema):
    number: int
    part: int
    """0 for a whole page; 1 and 2 for the left and right one of two facing pages."""
    seconds: float | None
    """When it is first seen, from the beginning of a video."""
    blank: bool
    """The page is blank and was not recognised."""
    own_text: bool
    """Its text was taken from the file itself."""
    notes: list[NoteInfo]
    doubts: list[DoubtInfo] | None
    """What deserves a look, the most severe first; null for a page without a result, and for
    results of earlier versions."""
    status: str
    error: ErrorInfo | None


class DocumentName(Schema):
    job: int
    document: int


class DocumentInfo(Schema):
    id: int
    name: str
    status: str
    error: ErrorInfo | None
    notes: list[NoteInfo]
    archive: int | None
    """The document of the ZIP it came in."""
    same_as: DocumentName | None
    """The first document with the very same bytes, if it is not this one."""
    pages: list[PageInfo]


class Password(Schema):
    password: str


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


class CredentialName(Schema):
    id: int
    name: str


class Calls(Schema):
    """What the pages that are not read yet will ask of the cloud."""

    needed: int
    answered: int
    final: bool


class DeliveryInfo(Schema):
    """Results on their way into a bucket."""

    id: int
    place: str
    formats: list[str]
    status: str
    written: int
    replaced: int
    """Of those written: files that an earlier delivery of the job had written."""
    error: ErrorInfo | None


class JobInfo(JobSummary):
    credential: CredentialName | None
    options: dict[str, Any]
    preprocessing: dict[str, bool]
    bypass_cache: bool
    waiting: ErrorInfo | None
    calls: Calls | None
    documents: list[DocumentInfo]
    deliveries: list[DeliveryInfo]


class SubmittedJob(JobInfo):
    notes: list[str]
    """What is in order, but should be known: of files from another region, say."""


class JobList(Schema):
    count: int
    page: int
    pages: int
    items: list[JobSummary]


class LineResult(Schema):
    text: str
    box: Box
    confidence: Confidence


class FieldResult(Schema):
    path: list[str]
    label: str
    value: str
    confidence: Confidence | None
    box: Box | None


class RecognisedPage(Schema):
    document: int
    number: int
    part: int
    width: int
    height: int
    rotation: int
    confidence: float | None
    reused: bool
    text: str
    lines: list[LineResult]
    tables: list[Table]
    fields: list[FieldResult]
    blocks: list[Block]
    attachments: list[Attachment]
    raw: Any = None
    """Only with ``?raw=1``."""


class JobResult(Schema):
    id: int
    status: str
    pages: list[RecognisedPage]


class OptionInfo(Schema):
    name: str
    label: str
    hint: str
    type: str
    required: bool
    default: Any
    allowed: list[str] | None


class LimitsInfo(Schema):
    """Limits of the images that are sent, in pixels; the portal resizes uploaded images to fit."""

    formats: list[str]
    min_side: int
    max_side: int
    max_pixels: int | None


class ServiceInfo(Schema):
    key: str
    name: str
    hint: str
    category: str
    engines: list[str]
    credentials: list[CredentialName]
    regions: list[str]
    takes_files: bool
    options: list[OptionInfo]
    limits: LimitsInfo | None


class EngineInfo(Schema):
    key: str
    name: str
    needs_credential: bool


class CredentialInfo(Schema):
    id: int
    name: str
    kind: str
    region: str
    shared: bool
    """True if it belongs to another user."""
    held: ErrorInfo | None
    """Why no call is made with it for now."""
