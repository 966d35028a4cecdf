"""The form of a submission, used by screens, API and commands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any, cast

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.utils.translation import gettext_lazy as _

from ocrportal.accounts.models import Credential, User
from ocrportal.catalogue.spec import Service, services, services_in
from ocrportal.engines import DEFAULT_ENGINE, ENGINES, is_cloud_engine, options_of, services_of
from ocrportal.errors.base import PortalError
from ocrportal.errors.ingest import IngestError
from ocrportal.errors.request import (
    CredentialNeeded,
    NothingSubmitted,
    ServiceNotInRegion,
    TooManyFiles,
    UnknownService,
)
from ocrportal.ingest.page_range import parse_page_range
from ocrportal.submission.bucket_sources import (
    objects_among,
    refused_without_key,
    region_notes,
    storage_credential,
    usable_credential,
    usual_storage,
)
from ocrportal.submission.fields import (
    AddressesField,
    ManyFilesField,
    PasswordField,
    WholeTextJSONField,
)
from ocrportal.submission.placeholder_image import make_placeholder_image
from ocrportal.submission.preprocessing_form import PreprocessingForm, clean_preprocessing
from ocrportal.submission.service_options import OptionsForm, clean_options
from ocrportal.submission.sources import Source, check_address, check_source

MAX_NAME = 255


class SubmitForm(forms.Form):
    """A submission; once valid, ``chosen`` holds the arguments of ``submission.submit``.

    A file that cannot be read becomes a failed document, and the form stays valid as long as
    another source can be read. If no source can be read, their errors become errors of ``files``
    or ``urls``.

    The options of a service come as JSON in ``options``, as fields ``option-<name>`` of a
    screen, or as ``typed_options``, the strings of a command line. Their errors are in
    ``option_errors`` by name, and also in the errors of ``options``.

    Preprocessing steps come as a JSON object in ``preprocessing``, or from the checkboxes of
    ``preprocessing_form``.
    """

    # Django moves fields off the class, so this is not the attribute that mypy takes it for.
    files = ManyFilesField(label=_("Files"), required=False)  # type: ignore[assignment]
    # A browser removes folders from the name of a file and changes quotes in it.
    names = WholeTextJSONField(label=_("Names"), required=False)
    urls = AddressesField(
        label=_("Web addresses"),
        required=False,
        help_text=_("One https:// or obs://bucket/… address per line, fetched by the portal."),
    )
    engine = forms.ChoiceField(label=_("Recognition engine"), required=False)
    credential = forms.CharField(label=_("Credential"), required=False, max_length=100)
    storage_credential = forms.CharField(
        label=_("Credential for buckets"), required=False, max_length=100
    )
    service = forms.ChoiceField(label=_("What to recognise"), required=False)
    options = WholeTextJSONField(label=_("Options"), required=False)
    pages = forms.CharField(
        label=_("Pages"),
        required=False,
        max_length=200,
        help_text=_("For PDF and TIFF, for example 1-3,7. Leave empty for all pages."),
    )
    password = PasswordField(
        label=_("Password"),
        required=False,
        help_text=_("For protected files only. Stored encrypted, and deleted once opened."),
    )
    preprocessing = WholeTextJSONField(label=_("Page preprocessing"), required=False)
    bypass_cache = forms.BooleanField(
        label=_("Send pages to Huawei Cloud even if an earlier result exists"),
        required=False,
        help_text=_(
            "If off, a page with the same image and settings reuses your earlier result, free of "
            "charge. If it is sent again, it is billed again."
        ),
    )  # fmt: skip

    def __init__(
        self, *args: Any, user: User, typed_options: Mapping[str, str] | None = None, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self._user = user
        self._typed_options = typed_options
        self.option_errors: dict[str, list[str]] = {}
        self.notes: list[str] = []
        """Notes for the user about a valid submission."""
        # An unbound form shows the initial data, if there is any.
        self.preprocessing_form = PreprocessingForm(
            self.data if self.is_bound else self.initial or None
        )
        self._choices_of("engine", [(key, info.label) for key, info in ENGINES.items()])
        offered = {key: entry for key, entry in services().items() if entry.status != "withdrawn"}
        self._choices_of("service", [(key, entry.name) for key, entry in offered.items()])

    @property
    def chosen(self) -> dict[str, Any]:
        """Arguments of ``submission.submit`` except ``user`` and ``enqueue``."""
        names = (
            "sources",
            "service",
            "engine",
            "options",
            "preprocessing",
            "password",
            "credential",
            "storage_credential",
            "bypass_cache",
        )
        return {
            **{name: self.cleaned_data[name] for name in names},
            "page_range": self.cleaned_data["pages"],
        }

    def clean_engine(self) -> str:
        return self.cleaned_data["engine"] or DEFAULT_ENGINE

    def clean_credential(self) -> Credential | None:
        """The user's own or shared credential with this id, else with this name."""
        wanted: str = self.cleaned_data["credential"]
        if not is_cloud_engine(self.cleaned_data.get("engine", "")):
            return None
        if not wanted:
            raise _refusal(CredentialNeeded())
        return usable_credential(self._user, wanted)

    def clean_storage_credential(self) -> Credential | None:
        wanted: str = self.cleaned_data["storage_credential"]
        return storage_credential(self._user, wanted) if wanted else None

    def clean_service(self) -> str:
        return self.cleaned_data["service"] or next(iter(services()))

    def clean_options(self) -> dict[str, Any]:
        given = self.cleaned_data["options"]
        if given is not None and not isinstance(given, dict):
            raise ValidationError(
                _("Options must be a JSON object, such as {}."), code="options-invalid"
            )
        return given or {}

    def clean_names(self) -> list[str] | None:
        """The names of the files in their order; None to use those of the uploads."""
        names = self.cleaned_data["names"]
        if names is None:
            return None
        files = self.cleaned_data.get("files", [])
        fits = isinstance(names, list) and len(names) == len(files)
        if not fits or not all(isinstance(name, str) for name in names):
            raise ValidationError(
                _("Names must be a JSON list with one string for each file."), code="names-invalid"
            )
        return list(names)

    def clean_preprocessing(self) -> dict[str, bool]:
        given = self.cleaned_data["preprocessing"]
        if given is not None:
            return clean_preprocessing(given)
        return self.preprocessing_form.chosen if self.preprocessing_form.is_valid() else {}

    def clean_pages(self) -> str:
        text: str = self.cleaned_data["pages"]
        try:
            parse_page_range(text)
        except IngestError as error:
            raise _refusal(error) from error
        return text

    def clean(self) -> dict[str, Any]:
        service = self._checked_service()
        if service is not None and "options" not in self.errors:
            self._check_options(service)
        self._check_sources(service)
        return self.cleaned_data

    def _choices_of(self, name: str, choices: list[tuple[str, Any]]) -> None:
        cast("forms.ChoiceField", self.fields[name]).choices = choices

    def _checked_service(self) -> Service | None:
        """The service, if the engine and the region of the credential offer it."""
        key, engine = self.cleaned_data.get("service"), self.cleaned_data.get("engine")
        if not key or not engine:
            return None
        service = services()[key]
        credential: Credential | None = self.cleaned_data.get("credential")
        if key not in services_of(engine):
            self.add_error("service", _refusal(UnknownService(service=service.name)))
            return None
        if credential is not None and key not in services_in(credential.region):
            error = ServiceNotInRegion(service=service.name, region=credential.region_name)
            self.add_error("service", _refusal(error))
            return None
        return service

    def _check_options(self, service: Service) -> None:
        try:
            self.cleaned_data["options"] = self._clean_options(service)
        except ValidationError as error:
            self.option_errors = error.message_dict
            options = options_of(service, self.cleaned_data["engine"])
            labels = {option.name: f"{option.label} ({option.name}): " for option in options}
            for name, messages in self.option_errors.items():
                label = labels.get(name, "")
                for message in messages:
                    error_of_all = ValidationError(f"{label}{message}", code="options-invalid")
                    self.add_error("options", error_of_all)

    def _clean_options(self, service: Service) -> dict[str, Any]:
        engine: str = self.cleaned_data["engine"]
        if self._typed_options is not None:
            return clean_options(engine, service, self._typed_options, from_text=True)
        if "options" in self.data:
            return clean_options(engine, service, self.cleaned_data["options"], from_text=False)
        screen = OptionsForm(engine, service, self.data)
        if not screen.is_valid():
            raise ValidationError(screen.errors.as_data())
        return screen.options

    def _check_sources(self, service: Service | None) -> None:
        files: list[UploadedFile] = self.cleaned_data.get("files", [])
        urls: list[str] = self.cleaned_data.get("urls", [])
        count = len(files) + len(urls)
        # The built-in engine needs images for every service.
        if service is not None and service.image_field is None:
            if count:
                self.add_error("files", _takes_no_files(service))
            elif not self.errors:
                self.cleaned_data["sources"] = [
                    make_placeholder_image(service, self.cleaned_data["options"])
                ]
        elif not count:
            self.add_error("files", _refusal(NothingSubmitted()))
        elif count > settings.MAX_FILES_PER_JOB:
            self.add_error("files", _refusal(TooManyFiles(limit=settings.MAX_FILES_PER_JOB)))
        else:
            names = self.cleaned_data.get("names") or [file.name or "" for file in files]
            uploads = [
                check_source(_fitting(name), file) for name, file in zip(names, files, strict=True)
            ]
            fetched = self._with_storage([check_address(url) for url in urls])
            if all(source.error for source in (*uploads, *fetched)):
                self._refuse("files", uploads)
                self._refuse("urls", fetched)
            self.cleaned_data["sources"] = [*uploads, *fetched]

    def _with_storage(self, fetched: list[Source]) -> list[Source]:
        """Set the credential that reads the objects among the sources; without one they fail."""
        objects = objects_among(fetched)
        credential: Credential | None = self.cleaned_data.get("credential")
        storage: Credential | None = self.cleaned_data.get("storage_credential")
        storage = (storage or usual_storage(self._user, credential)) if objects else None
        self.cleaned_data["storage_credential"] = storage
        if credential is not None:
            self.notes += region_notes(objects, credential, storage)
        return fetched if storage else [refused_without_key(source) for source in fetched]

    def _refuse(self, field: str, sources: Iterable[Source]) -> None:
        for source in sources:
            if source.error is not None:
                message = f"{source.name}: {source.error}"
                self.add_error(field, ValidationError(message, code=source.error.code))


def _refusal(error: PortalError) -> ValidationError:
    return ValidationError(str(error), code=error.code)


def _fitting(name: str) -> str:
    """The end of a name that is too long, since the file name is its most useful part."""
    return name if len(name) <= MAX_NAME else f"…{name[1 - MAX_NAME :]}"


def _takes_no_files(service: Service) -> ValidationError:
    return ValidationError(
        _("“%(service)s” takes no files. Fill in its settings instead."),
        code="files-not-taken",
        params={"service": service.name},
    )
