"""Actions on one document of a job."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from ocrportal.jobs.access import document_for
from ocrportal.submission.supply_password import PasswordForm, supply_password
from ocrportal.web.errors_as_messages import errors_as_messages
from ocrportal.web.requests import UserRequest


@login_required
@require_POST
@sensitive_post_parameters("password")
@errors_as_messages
def password(request: UserRequest, job_id: int, document_id: int) -> HttpResponse:
    """Open a document that waits for a password with the entered one."""
    form = PasswordForm(request.POST)
    document = document_for(request.user, document_id, job_id)
    if form.is_valid():
        supply_password(
            user=request.user, document_id=document.pk, password=form.cleaned_data["password"]
        )
    else:
        messages.warning(request, str(form.errors["password"][0]))
    return redirect(f"{reverse('job', args=[job_id])}#document-{document.pk}")
