"""The forms behind submitting, used by screens, API and commands alike."""

from __future__ import annotations

import re
from typing import Any, BinaryIO, cast

from django import forms
from django.conf import settings
from django.core.files import File
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from ocrportal.catalogue.spec import services
from ocrportal.engines import ENGINES
from ocrportal.errors import FileTooLarge, IntakeError, TooManyFiles, UnknownService
from ocrportal.intake import guard
from ocrportal.intake.pages import parse_page_range
from ocrportal.intake.sniff import sniff
from ocrportal.recognition.submission import Source

ENGINE_NAMES = {"local": _("This portal (offline)"), "huawei": _("Huawei Cloud OCR")}


class ManyFilesInput(forms.ClearableFileInput):
    allow_multiple_selected = True


class ManyFilesField(forms.FileField):
    """A file field whose value is the list of all chosen files."""

    widget = ManyFilesInput

    def clean(self, data: Any, initial: Any = None) -> list[UploadedFile]:
        files = data or []
        # An empty file is not refused here: it becomes a document that says so.
        return files if isinstance(files, list) else [files]


class SubmitForm(forms.Form):
    """What a user hands in. ``cleaned_data['sources']`` is what submission.submit takes.

    A file that cannot be read does not make the form invalid as long as another can:
    it becomes a failed document. If no file can be read, each one's error is an error
    of ``files``.
    """

    # Django moves fields off the class, so this is not the attribute that mypy takes it for.
    files = ManyFilesField(label=_("Files"), required=False)  # type: ignore[assignment]
    service = forms.ChoiceField(label=_("What is on the pages?"), required=False)
    engine = forms.ChoiceField(label=_("Who reads them?"), required=False)
    pages = forms.CharField(
        label=_("Pages"),
        required=False,
        max_length=200,
        help_text=_("For PDF and TIFF, such as 1-3,7. Empty: all pages."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._service_field.choices = [
            (key, entry.name) for key, entry in services().items() if "local" in entry.engines
        ]
        self._engine_field.choices = [(key, ENGINE_NAMES[key]) for key in ENGINES[:1]]

    @property
    def _service_field(self) -> forms.ChoiceField:
        return self.fields["service"]  # type: ignore[return-value]  # Django types Field

    @property
    def _engine_field(self) -> forms.ChoiceField:
        return self.fields["engine"]  # type: ignore[return-value]  # Django types Field

    def clean_service(self) -> str:
        return self.cleaned_data["service"] or next(iter(services()))

    def clean_engine(self) -> str:
        return self.cleaned_data["engine"] or ENGINES[0]

    def clean_pages(self) -> str:
        text: str = self.cleaned_data["pages"]
        try:
            parse_page_range(text)
        except IntakeError as error:
            raise forms.ValidationError(str(error), code=error.code) from error
        return text

    def clean_files(self) -> list[UploadedFile]:
        files: list[UploadedFile] = self.cleaned_data["files"]
        if not files:
            raise forms.ValidationError(_("Choose at least one file."), code="nothing-submitted")
        if len(files) > settings.MAX_FILES_PER_JOB:
            error = TooManyFiles(limit=settings.MAX_FILES_PER_JOB)
            raise forms.ValidationError(str(error), code=error.code)
        sources = [check_source(file.name or "", file) for file in files]
        if all(source.error for source in sources):
            raise forms.ValidationError(
                [
                    forms.ValidationError(f"{source.name}: {source.error}", code=source.error.code)
                    for source in sources
                    if source.error
                ]
            )
        self.cleaned_data["sources"] = sources
        return files

    def clean(self) -> dict[str, Any]:
        service, engine = self.cleaned_data.get("service"), self.cleaned_data.get("engine")
        if service and engine and engine not in services()[service].engines:
            error = UnknownService(service=services()[service].name)
            self.add_error("service", forms.ValidationError(str(error), code=error.code))
        return self.cleaned_data


def check_source(name: str, file: File[bytes]) -> Source:
    """Look at a file's size and first bytes; what is wrong becomes the source's error."""
    limit = settings.MAX_FILE_MB
    try:
        if file.size > limit * 1024 * 1024:
            raise FileTooLarge(limit_mb=limit)
        return Source(name=name, file=file, format=sniff(cast("BinaryIO", file)))
    except IntakeError as error:
        return Source(name=name, error=error)


def check_address(text: str) -> Source:
    """Look at an address without asking for anything; what is wrong becomes its error."""
    try:
        address = guard.check_address(text, settings.INTERNAL_HOSTS)
    except IntakeError as error:
        return Source(name=_shown_address(text), error=error)
    return Source(name=address.name, address=address.url)


def _shown_address(text: str) -> str:
    """The address as a name, without what may be secret in it: password and query."""
    return re.sub(r"//.*@", "//", text.partition("?")[0]).strip()
