"""The user's own credentials, and those shared with the user."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse, HttpResponseBadRequest
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from ocrportal.accounts.checking import check_credential
from ocrportal.accounts.credential_changes import (
    add_credential,
    change_credential,
    remove_credential,
)
from ocrportal.accounts.credentials import credentials_of, own_credential_for
from ocrportal.accounts.forms import CredentialForm
from ocrportal.accounts.models import Credential
from ocrportal.catalogue.spec import services
from ocrportal.jobs.models import Job
from ocrportal.web.requests import UserRequest

get_or_post = require_http_methods(["GET", "HEAD", "POST"])


@login_required
@require_safe
def credentials(request: UserRequest) -> HttpResponse:
    usable = credentials_of(request.user).prefetch_related("shared_users", "shared_groups")
    context = {
        "own": [row for row in usable if row.owner_id == request.user.pk],
        "shared": [row for row in usable if row.owner_id != request.user.pk],
    }
    return render(request, "credentials/credentials.html", context)


@login_required
@require_safe
def kinds(request: UserRequest) -> HttpResponse:
    """The choice of the kind; each kind has a form of its own."""
    return render(request, "credentials/kinds.html")


@login_required
@get_or_post
def add(request: UserRequest, kind: str) -> HttpResponse:
    if kind not in Credential.Kind.values:
        raise Http404
    form = _form(request, Credential(owner=request.user, kind=kind))
    if request.method == "POST" and form.is_valid():
        credential = add_credential(
            user=request.user, owner=request.user, kind=kind, values=form.cleaned_data
        )
        _report_trimming(request, form)
        text = _("“%(name)s” was added. Check it now to see whether it works.")
        messages.success(request, text % {"name": credential.name})
        return redirect("credentials")
    return _show(request, form)


@login_required
@get_or_post
def edit(request: UserRequest, credential_id: int) -> HttpResponse:
    credential = own_credential_for(request.user, credential_id)
    form = _form(request, credential)
    if request.method == "POST" and form.is_valid():
        changed = change_credential(
            user=request.user, credential=credential, values=form.cleaned_data
        )
        _report_trimming(request, form)
        messages.success(request, _("“%(name)s” was saved.") % {"name": changed.name})
        job = _waiting_job(request)
        return redirect("job", job.pk) if job else redirect("credentials")
    return _show(request, form)


@login_required
@get_or_post
def remove(request: UserRequest, credential_id: int) -> HttpResponse:
    """GET lists the jobs that use the credential and asks for confirmation, POST removes it."""
    credential = own_credential_for(request.user, credential_id)
    if request.method == "POST":
        remove_credential(user=request.user, credential=credential)
        messages.success(request, _("“%(name)s” was removed.") % {"name": credential.name})
        return redirect("credentials")
    waiting = Job.objects.filter(credential=credential, status__in=Job.ACTIVE)
    context = {
        "credential": credential,
        "own_jobs": waiting.filter(owner=request.user),
        # Other users' jobs are counted, not named.
        "other_jobs": waiting.exclude(owner=request.user).count(),
    }
    return render(request, "credentials/remove.html", context)


@login_required
@require_POST
def check(request: UserRequest, credential_id: int) -> HttpResponse:
    """Check whether the credential works; this takes seconds."""
    credential = own_credential_for(request.user, credential_id)
    service = request.POST.get("service", "")
    if service and service not in services():
        return HttpResponseBadRequest()
    diagnosis = check_credential(user=request.user, credential=credential, service=service)
    # Read again, since its state has changed.
    job = _waiting_job(request)
    if job and not diagnosis.problem:
        text = _("The credential works: “%(service)s” can be used.")
        messages.success(request, text % {"service": services()[diagnosis.service].name})
        return redirect("job", job.pk)
    context = {
        "credential": own_credential_for(request.user, credential_id),
        "diagnosis": diagnosis,
        "job": job,
    }
    part = "#result" if request.htmx else ""
    return render(request, f"credentials/check.html{part}", context)


def _waiting_job(request: UserRequest) -> Job | None:
    """The job from whose page the user came, to return to; None without one."""
    number = request.GET.get("job", "")
    if not number.isdecimal():
        return None
    return Job.objects.filter(owner=request.user, pk=int(number)).first()


def _form(request: UserRequest, credential: Credential) -> CredentialForm:
    return CredentialForm(
        request.POST if request.method == "POST" else None,
        instance=credential,
        user=request.user,
        may_set_addresses=request.user.is_staff,
    )


def _show(request: UserRequest, form: CredentialForm) -> HttpResponse:
    status = 422 if form.is_bound else 200
    context = {"form": form, "job": _waiting_job(request)}
    return render(request, "credentials/form.html", context, status=status)


def _report_trimming(request: UserRequest, form: CredentialForm) -> None:
    if form.was_trimmed:
        messages.info(
            request, _("Leading and trailing spaces or line breaks were removed from the password.")
        )
