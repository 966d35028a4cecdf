"""Browsing buckets to choose files from them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from ocrportal.accounts.credentials import credential_for, storage_credentials_of, store_of
from ocrportal.accounts.models import Credential, User
from ocrportal.errors.ingest import BucketListDenied, IngestError
from ocrportal.ingest.fetch.object_store import (
    list_buckets,
    list_prefix,
    presign,
    search_prefix,
)
from ocrportal.ingest.fetch.store import Store
from ocrportal.web.requests import UserRequest
from ocrportal.web.views.submit_context import FROM_BUCKET

OPEN_SECONDS = 300
"""Lifetime of the address of a single object."""


@login_required
@require_safe
def buckets(request: UserRequest) -> HttpResponse:
    """The buckets of a credential, or the folders and files of a bucket below a prefix."""
    credentials = list(storage_credentials_of(request.user))
    wanted = request.GET.get("credential", "")
    credential = _credential(request.user, wanted) if wanted else next(iter(credentials), None)
    bucket = request.GET.get("bucket", "").strip()
    prefix = request.GET.get("prefix", "")
    context = {
        "credentials": credentials,
        "credential": credential,
        "bucket": bucket,
        "prefix": prefix,
        "crumbs": list(_crumbs(prefix)),
        "search": request.GET.get("search", "").strip(),
        "after": request.GET.get("after", ""),
    }
    if credential is not None:
        try:
            context |= _shown(store_of(credential), context)
        except BucketListDenied as error:  # the name can still be typed
            context["hint"] = str(error)
        except IngestError as error:
            context["problem"] = str(error)
    return render(request, "buckets/buckets.html", context)


@login_required
@require_POST
def choose(request: UserRequest) -> HttpResponse:
    """Add the selected objects to the upload page."""
    credential = _credential(request.user, request.POST.get("credential", ""))
    bucket, keys = request.POST.get("bucket", ""), request.POST.getlist("key")
    if not keys:
        messages.warning(request, _("Choose at least one file."))
        here = {name: request.POST.get(name, "") for name in ("credential", "bucket", "prefix")}
        return redirect(f"{reverse('buckets')}?{urlencode(here)}")
    request.session[FROM_BUCKET] = {
        "urls": "\n".join(f"obs://{bucket}/{key}" for key in keys),
        "storage_credential": str(credential.pk),
    }
    return redirect("submit")


@login_required
@require_safe
def open_object(request: UserRequest) -> HttpResponse:
    """Redirect to one object; the browser downloads it from the store."""
    credential = _credential(request.user, request.GET.get("credential", ""))
    bucket, key = request.GET.get("bucket", ""), request.GET.get("key", "")
    try:
        address = presign(store_of(credential), bucket, key, seconds=OPEN_SECONDS)
    except IngestError as error:
        return render(request, "refused.html", {"message": str(error)}, status=409)
    return redirect(address)


def _credential(user: User, wanted: str) -> Credential:
    """One of the user's with an access key; raises Http404."""
    if not wanted.isdecimal():
        raise Http404
    credential = credential_for(user, int(wanted))
    if credential.kind != Credential.Kind.AKSK:
        raise Http404
    return credential


def _shown(store: Store, place: dict[str, Any]) -> dict[str, Any]:
    """The buckets, or the folders and files, of the location; raises IngestError."""
    if not place["bucket"]:
        return {"bucket_names": list_buckets(store)}
    where = (store, place["bucket"], place["prefix"])
    if place["search"]:
        listing = search_prefix(*where, place["search"], after=place["after"])
    else:
        listing = list_prefix(*where, after=place["after"])
    folders = [(path, path.removeprefix(place["prefix"])) for path in listing.folders]
    return {"listing": listing, "folders": folders}


def _crumbs(prefix: str) -> Iterator[tuple[str, str]]:
    """Each folder on the way to the prefix: its name, and the prefix that shows it."""
    parts = prefix.split("/")[:-1]
    for depth, name in enumerate(parts, start=1):
        yield name, "".join(f"{part}/" for part in parts[:depth])
