"""The form of a delivery, used by screens and API."""

from __future__ import annotations

import re
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

from ocrportal.accounts.models import Credential, User
from ocrportal.exporters.formats import FORMATS
from ocrportal.ingest.fetch.bucket_address import is_bucket_name
from ocrportal.submission.bucket_sources import storage_credential
from ocrportal.submission.name_pattern_field import NamesField

MAX_PREFIX = 700
"""The length in UTF-8 bytes: with the longest file name a key has at most 1024."""
CONTROL = re.compile(r"[\x00-\x1f\x7f]")


class DeliveryForm(forms.Form):
    """The bucket, prefix and formats of a delivery; once valid, ``chosen`` holds the arguments."""

    credential = forms.CharField(label=_("Credential"), max_length=100)
    bucket = forms.CharField(label=_("Bucket"), max_length=63)
    # Django moves fields off the class, so this is not the attribute that mypy takes it for.
    prefix = forms.CharField(  # type: ignore[assignment]
        label=_("Folder"),
        required=False,
        max_length=MAX_PREFIX,
        help_text=_("For example results/2026. Leave empty for the root of the bucket."),
    )
    formats = forms.MultipleChoiceField(
        label=_("Formats"), choices=[(entry.key, entry.label) for entry in FORMATS.values()]
    )
    names = NamesField()

    def __init__(self, *args: Any, user: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._user = user

    @property
    def chosen(self) -> dict[str, Any]:
        """Arguments of ``deliver_job`` except ``user`` and ``job_id``."""
        return {name: self.cleaned_data[name] for name in self.fields}

    def clean_credential(self) -> Credential:
        return storage_credential(self._user, self.cleaned_data["credential"])

    def clean_bucket(self) -> str:
        bucket: str = self.cleaned_data["bucket"]
        if not is_bucket_name(bucket):
            raise ValidationError(
                _("A bucket name has 3 to 63 lower-case letters, digits, hyphens and dots."),
                code="bucket-name-bad",
            )
        return bucket

    def clean_prefix(self) -> str:
        """The prefix without a leading and with a trailing ``/``, unless it is empty."""
        parts = [part for part in self.cleaned_data["prefix"].split("/") if part]
        whole = "".join(f"{part}/" for part in parts)
        if {".", ".."} & set(parts) or CONTROL.search(whole):
            raise ValidationError(
                _("A folder name cannot be “.” or “..” or contain line breaks."),
                code="folder-bad",
            )
        if len(whole.encode()) > MAX_PREFIX:
            raise ValidationError(_("The folder name is too long."), code="folder-bad")
        return whole
