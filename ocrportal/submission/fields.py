"""Form fields of submissions that Django does not have."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

MAX_PASSWORD = 200


class ManyFilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class ManyFilesField(forms.FileField):
    """A file field whose value is the list of all chosen files."""

    widget = ManyFilesInput

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        files = data or []
        # An empty file is valid here: it becomes a document with that error.
        return files if isinstance(files, list) else [files]


class AddressesInput(forms.Textarea):
    """One address per line; also several values of one name, as scripts send them."""

    def value_from_datadict(self, data: Mapping[str, Any], files: Any, name: str) -> str:
        values = data.getlist(name) if hasattr(data, "getlist") else [data.get(name) or ""]
        return "\n".join(values)


class AddressesField(forms.CharField):
    """Addresses of files; the value is the list of them."""

    widget = AddressesInput

    def clean(self, value: Any) -> list[str]:
        return [line.strip() for line in super().clean(value).splitlines() if line.strip()]


class PasswordField(forms.CharField):
    """The password of a file: not stripped, and never shown again."""

    widget = forms.PasswordInput

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(strip=False, max_length=MAX_PASSWORD, **kwargs)

    def to_python(self, value: Any) -> str:
        # JSON can contain lone surrogates, which cannot be encoded and encrypted.
        text = super().to_python(value) or ""
        return text.encode(errors="replace").decode()


class WholeTextJSONField(forms.JSONField):
    """JSON without lone surrogates, which no page can show."""

    def to_python(self, value: Any) -> Any:
        given = super().to_python(value)
        return json.loads(json.dumps(given, ensure_ascii=False).encode(errors="replace"))
