"""What a cloud engine itself answered about a page: its JSON, and the files in it."""

from __future__ import annotations

import json
from pathlib import PurePath
from typing import Any

from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from ocrportal.jobs.access import page_for
from ocrportal.jobs.attachments import attached_file
from ocrportal.jobs.models import Page, Result
from ocrportal.web.requests import UserRequest

MAX_TEXT = 300
"""Characters of one value that are shown: files are in the answer as long texts."""

never_kept = cache_control(private=True, no_store=True)


@login_required
@require_safe
@never_kept
def answer(request: UserRequest, page_id: int) -> HttpResponse:
    """The answer to be looked at, with long values cut; htmx gets it without the frame."""
    page = page_for(request.user, page_id)
    text = json.dumps(_shortened(_answered(page).raw), ensure_ascii=False, indent=2)
    part = "#answer" if request.htmx else ""
    return render(request, f"page/answer.html{part}", {"page": page, "text": text})


@login_required
@require_safe
@never_kept
def raw_json(request: UserRequest, page_id: int) -> HttpResponse:
    """The whole answer as a file."""
    page = page_for(request.user, page_id)
    data = json.dumps(_answered(page).raw, ensure_ascii=False, indent=1).encode()
    return _download(data, "application/json", f"{_stem(page)}.json")


@login_required
@require_safe
@never_kept
def attachment(request: UserRequest, page_id: int, number: int) -> HttpResponse:
    """A file that the answer holds, counted from 1."""
    page = page_for(request.user, page_id)
    file = attached_file(_answered(page), number)
    if file is None:
        raise Http404(_("This file does not exist."))
    return _download(file.data, file.media_type, f"{_stem(page)} {file.name}")


def _answered(page: Page) -> Result:
    """The page's result, if an engine's own answer is kept with it; raises Http404."""
    if page.result is None or page.result.raw is None:
        raise Http404(_("No raw response is stored for this page."))
    return page.result


def _stem(page: Page) -> str:
    name = PurePath(page.document.name).stem
    return name if page.document.page_count == 1 else f"{name} {page.number}"


def _download(data: bytes, media_type: str, name: str) -> HttpResponse:
    header = content_disposition_header(as_attachment=True, filename=name)
    return HttpResponse(
        data, content_type=media_type, headers={"Content-Disposition": header or "attachment"}
    )


def _shortened(value: Any) -> Any:
    if isinstance(value, dict):
        return {name: _shortened(entry) for name, entry in value.items()}
    if isinstance(value, list):
        return [_shortened(entry) for entry in value]
    if isinstance(value, str) and len(value) > MAX_TEXT:
        more = _("%(count)s more characters") % {"count": len(value) - MAX_TEXT}
        return f"{value[:MAX_TEXT]} … ({more})"
    return value
