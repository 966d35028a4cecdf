"""Supplying the password of a protected document."""

from __future__ import annotations

from django import forms
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from ocrportal.accounts.models import User
from ocrportal.accounts.source_passwords import seal
from ocrportal.errors.ingest import PasswordNeeded, PasswordWrong
from ocrportal.errors.request import PasswordNotAsked
from ocrportal.jobs.access import document_for
from ocrportal.jobs.job_status import refresh_job_status
from ocrportal.jobs.models import Document, Job
from ocrportal.submission import queue
from ocrportal.submission.fields import PasswordField


class PasswordForm(forms.Form):
    """The password of a document."""

    password = PasswordField(
        label=_("Password"), error_messages={"required": _("Enter the password of this file.")}
    )


@transaction.atomic
def supply_password(*, user: User, document_id: int, password: str) -> Document:
    """Open a protected document again with this password.

    Raises Http404 for a document of another user and PasswordNotAsked if it needs none.
    """
    document = document_for(user, document_id)
    Job.objects.select_for_update().get(pk=document.job_id)
    now = timezone.now()
    asked = Document.objects.filter(
        pk=document.pk,
        status=Document.Status.FAILED,
        error_code__in=(PasswordNeeded.code, PasswordWrong.code),
    )
    if not asked.update(
        status=Document.Status.QUEUED,
        password=seal(password),
        attempts=0,
        error_code="",
        error_params={},
        updated_at=now,
    ):
        raise PasswordNotAsked
    Job.objects.filter(pk=document.job_id).update(
        status=Job.Status.RUNNING, started_at=now, finished_at=None
    )
    queue.wake_on_commit(queue.wake_for_document)
    refresh_job_status(document.job_id)
    document.refresh_from_db()
    return document
