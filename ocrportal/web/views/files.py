"""Private files: page pictures, thumbnails, originals. Only the owner gets them."""

from __future__ import annotations

import mimetypes
from pathlib import PurePath

from django.contrib.auth.decorators import login_required
from django.db.models.fields.files import FieldFile
from django.http import FileResponse, Http404
from django.utils.translation import gettext as _
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from ocrportal.exporters.file_names import safe_file_name
from ocrportal.jobs.access import document_for, page_for
from ocrportal.web.requests import UserRequest

# Pictures of a page never change, so its owner's browser may keep them.
kept_by_browser = cache_control(private=True, max_age=24 * 3600, immutable=True)


@login_required
@require_safe
@kept_by_browser
def page_image(request: UserRequest, page_id: int) -> FileResponse:
    return _picture(page_for(request.user, page_id).image)


@login_required
@require_safe
@kept_by_browser
def page_thumbnail(request: UserRequest, page_id: int) -> FileResponse:
    return _picture(page_for(request.user, page_id).thumbnail)


@login_required
@require_safe
@cache_control(private=True, no_store=True)
def document_source(request: UserRequest, document_id: int) -> FileResponse:
    """The uploaded file under its own name; always a download, never shown in the browser."""
    document = document_for(request.user, document_id)
    file = _open(document.file)
    own = PurePath(document.name)
    name = safe_file_name(own.stem, own.suffix)
    return FileResponse(file, as_attachment=True, filename=name, content_type=document.media_type)


def _picture(field: FieldFile) -> FileResponse:
    media_type, _encoding = mimetypes.guess_type(field.name or "")
    return FileResponse(_open(field), content_type=media_type)


def _open(field: FieldFile) -> FieldFile:
    """The field's file, opened; raises Http404 where there is none (yet)."""
    if not field:
        raise Http404(_("This file does not exist."))
    try:
        field.open("rb")
    except FileNotFoundError as error:
        raise Http404(_("This file does not exist.")) from error
    return field
