"""The only functions from (user, id) to a row: rows of other users do not exist (404)."""

from __future__ import annotations

from typing import TypeVar

from django.db.models import Model, QuerySet
from django.http import Http404
from django.utils.translation import gettext as _

from ocrportal.accounts.models import User
from ocrportal.jobs.models import Document, Job, Page
from ocrportal.jobs.models.export import Export

Row = TypeVar("Row", bound=Model)


def jobs_of(user: User) -> QuerySet[Job]:
    """All jobs of this user."""
    return Job.objects.filter(owner=user)


def job_for(user: User, job_id: int) -> Job:
    """The user's job with this id; raises Http404."""
    return _only(jobs_of(user).filter(pk=job_id))


def document_for(user: User, document_id: int, job_id: int | None = None) -> Document:
    """A document of the user's jobs, or of this one, its job loaded; raises Http404."""
    documents = Document.objects.select_related("job").filter(pk=document_id, job__owner=user)
    return _only(documents if job_id is None else documents.filter(job=job_id))


def page_for(user: User, page_id: int) -> Page:
    """A page of the user's jobs with its document, job and result loaded; raises Http404.

    What may be long and few need is loaded when it is asked for: the result's data, and
    the engine's own answer.
    """
    pages = Page.objects.select_related("document__archive", "job", "result")
    pages = pages.defer("result__data", "result__raw")
    return _only(pages.filter(pk=page_id, job__owner=user))


def export_for(user: User, export_id: int) -> Export:
    """An export of the user's jobs, its job and document loaded; raises Http404."""
    exports = Export.objects.select_related("job", "document")
    return _only(exports.filter(pk=export_id, job__owner=user))


def _only(rows: QuerySet[Row]) -> Row:
    row = rows.first()
    if row is None:
        raise Http404(_("This does not exist, or it belongs to another user."))
    return row
