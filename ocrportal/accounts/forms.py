"""The form of credentials, used by screens, administration and commands."""

from __future__ import annotations

import re
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding
from django import forms
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.utils.text import capfirst
from django.utils.translation import gettext_lazy as _

from ocrportal.accounts.addresses import clean_endpoint, clean_proxy, without_password
from ocrportal.accounts.credentials import shown_proxy
from ocrportal.accounts.models import Credential, User
from ocrportal.catalogue.spec import regions

FIELDS_OF_KIND = {
    Credential.Kind.TOKEN: ("iam_user", "domain"),
    Credential.Kind.AKSK: ("access_key", "security_token"),
}
ADDRESSES = ("iam_endpoint", "ocr_endpoint", "obs_endpoint")
LEADS_ELSEWHERE = (*ADDRESSES, "proxy", "verify_tls", "ca_bundle")
"""A user who changes one of these can have the secret sent to their own server."""
AREAS = {
    "cn": _("Mainland China"),
    "ap": _("Asia Pacific"),
    "la": _("Latin America"),
    "af": _("Africa"),
}
INVISIBLE = "\u00ad\u200b-\u200f\u202a-\u202e\u2060\ufeff"
"""Invisible characters that copied text often contains."""
AROUND = re.compile(rf"^[\s{INVISIBLE}]+|[\s{INVISIBLE}]+$")
ANYWHERE = re.compile(rf"[\s{INVISIBLE}]+")
REGION = re.compile(r"[0-9a-z][0-9a-z_-]*")
FOREIGN = _("This contains characters that are not allowed here. Copy it again.")


class NameField(forms.CharField):
    """Text; surrounding whitespace and invisible characters are removed."""

    def to_python(self, value: Any) -> str | None:
        return super().to_python(AROUND.sub("", value or ""))


class CodeField(forms.CharField):
    """A value that becomes part of a header; all whitespace is removed."""

    default_validators = [RegexValidator(r"^[!-~]*\Z", FOREIGN)]  # noqa: RUF012  # as Django's

    def to_python(self, value: Any) -> str | None:
        return super().to_python(ANYWHERE.sub("", value or ""))


class IdField(CodeField):
    """An id of the cloud, which becomes part of a URL."""

    default_validators = [RegexValidator(r"^[0-9A-Za-z_-]*\Z", FOREIGN)]  # noqa: RUF012  # as Django's


class SecretInput(forms.PasswordInput):
    """A password field that never shows the stored value and that browsers do not fill in."""

    def __init__(self) -> None:
        super().__init__(attrs={"autocomplete": "new-password"}, render_value=False)


class ProxyField(NameField):
    """The address of a proxy; a rejected value is shown again without its password."""

    def prepare_value(self, value: Any) -> str:
        return without_password(value or "")


class CertificatesField(NameField):
    """PEM certificates; drops the notes and private keys that files often contain as well."""

    def to_python(self, value: Any) -> str | None:
        text = super().to_python(value)
        if not text:
            return text
        try:
            certificates = x509.load_pem_x509_certificates(text.encode())
        except ValueError as error:
            raise ValidationError(
                _("Enter certificates in PEM format (-----BEGIN CERTIFICATE-----)."),
                code="certificate-invalid",
            ) from error
        return "".join(entry.public_bytes(Encoding.PEM).decode() for entry in certificates)


class CredentialForm(forms.ModelForm):
    """One credential, of the kind and owner that ``instance`` has.

    ``user`` submits it. ``may_set_addresses`` is for administrators: other users do not see
    the fields for custom endpoints, and submitting them is an error.
    """

    secret = NameField(strip=False, widget=SecretInput)
    security_token = CodeField(
        label=_("security token"),
        required=False,
        widget=SecretInput,
        help_text=_("Only for temporary keys. Leave empty for permanent keys."),
    )
    proxy = ProxyField(
        label=_("proxy"),
        required=False,
        max_length=500,
        help_text=_("For example http://proxy.example.org:8080. Leave empty to connect directly."),
    )

    class Meta:
        model = Credential
        fields: tuple[str, ...] = (
            "name",
            "region",
            "iam_user",
            "domain",
            "access_key",
            "project_id",
            "enterprise_project_id",
            "verify_tls",
            "ca_bundle",
            *ADDRESSES,
            "connect_seconds",
            "read_seconds",
            "calls_per_minute",
            "calls_at_once",
        )
        field_classes = {  # noqa: RUF012  # as Django wants it
            "name": NameField,
            "region": IdField,
            "iam_user": NameField,
            "domain": NameField,
            "access_key": IdField,
            "project_id": IdField,
            "enterprise_project_id": IdField,
            "ca_bundle": CertificatesField,
            "iam_endpoint": NameField,
            "ocr_endpoint": NameField,
            "obs_endpoint": NameField,
        }

    def __init__(self, *args: Any, user: User, may_set_addresses: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.user = user
        self.may_set_addresses = may_set_addresses
        self.was_trimmed = False
        """True if whitespace was removed from the password; the user is informed."""
        self.initial["proxy"] = shown_proxy(self.instance)
        self._fit_to_kind()
        self._fit_to_rights()
        self._explain()

    def _fit_to_kind(self) -> None:
        for kind, names in FIELDS_OF_KIND.items():
            for name in names:
                if kind != self.instance.kind:
                    self.fields.pop(name, None)
                elif name != "security_token":
                    self.fields[name].required = True
        if self.instance.access_key and "access_key" in self.fields:
            # Only its last characters are shown, to identify it.
            self.initial["access_key"] = ""
            self.fields["access_key"].required = False
            self.fields["access_key"].widget.attrs["placeholder"] = self.instance.masked_access_key
        if self.instance.kind == Credential.Kind.TOKEN:
            self.fields.pop("obs_endpoint", None)
        else:
            self.fields["secret"] = CodeField(widget=SecretInput)
        self.fields["secret"].required = self.instance.pk is None

    def _fit_to_rights(self) -> None:
        if not self.may_set_addresses:
            for name in ADDRESSES:
                self.fields.pop(name, None)

    def _explain(self) -> None:
        token = self.instance.kind == Credential.Kind.TOKEN
        self.fields["secret"].label = _("password") if token else _("secret key (SK)")
        for name in ("secret", "security_token", "access_key"):
            if name in self.fields and getattr(self.instance, name):
                self.fields[name].help_text = _("Stored. Leave empty to keep it.")
        helps = {
            "name": _("A name you will recognise, such as “Invoices, Beijing 4”."),
            "region": _(
                "The region in which the OCR services are enabled. The project of one region "
                "cannot be used in another."
            ),
            "iam_user": _("The IAM user name, not an e-mail address or phone number."),
            "domain": _("The account to which the IAM user belongs."),
            "project_id": _("Usually left empty; it is then looked up automatically."),
            "enterprise_project_id": _("Only if your organisation uses enterprise projects."),
            "verify_tls": _(
                "If this is off, third parties could read your keys and images in transit."
            ),
            "ca_bundle": _("Additional trusted certificates, for a private cloud or a proxy."),
            "iam_endpoint": _(
                "For a private or partner cloud. Leave empty for the default address of the region."
            ),
            "ocr_endpoint": _(
                "For a private or partner cloud. Leave empty for the default address of the region."
            ),
            "obs_endpoint": _(
                "For another S3-compatible store. Leave empty for OBS in this region."
            ),
        }  # fmt: skip
        for name, text in helps.items():
            if name in self.fields:
                self.fields[name].help_text = text
        for field in self.fields.values():
            field.label = capfirst(field.label)

    def region_groups(self) -> list[tuple[Any, list[tuple[str, str]]]]:
        """Areas with their regions: ids and names in both languages."""
        groups: dict[str, list[tuple[str, str]]] = {}
        for region in regions().values():
            names = " · ".join(dict.fromkeys((region.names["zh-hans"], region.names["en"])))
            groups.setdefault(region.id.partition("-")[0], []).append((region.id, names))
        kept = self.instance.region
        if kept not in {"", *regions()}:
            groups[""] = [(kept, kept)]
        return [(AREAS.get(area, _("Other")), choices) for area, choices in groups.items()]

    def clean_region(self) -> str:
        region: str = self.cleaned_data["region"]
        if region in {self.instance.region, *regions()}:
            return region
        # Private clouds and partners have their own region ids, which become part of a host.
        if self.may_set_addresses and REGION.fullmatch(region):
            return region
        raise ValidationError(
            _("“%(region)s” is not a region of Huawei Cloud OCR. Choose one of: %(known)s."),
            code="region-unknown",
            params={"region": region, "known": ", ".join(regions())},
        )

    def clean_access_key(self) -> str:
        entered: str = self.cleaned_data["access_key"]
        return entered or self.instance.access_key

    def clean_secret(self) -> str:
        secret: str = self.cleaned_data["secret"]
        if self.instance.kind == Credential.Kind.TOKEN:
            self.was_trimmed = secret != self.data.get(self.add_prefix("secret"))
        return secret

    def clean_proxy(self) -> str | None:
        """The address; None if it is unchanged, that is, shown with its password masked."""
        entered: str = self.cleaned_data["proxy"]
        if entered and entered == self.initial["proxy"]:
            return None
        return clean_proxy(entered) if entered else ""

    def clean_iam_endpoint(self) -> str:
        address: str = self.cleaned_data["iam_endpoint"]
        return clean_endpoint(address) if address else ""

    def clean_ocr_endpoint(self) -> str:
        address: str = self.cleaned_data["ocr_endpoint"]
        return clean_endpoint(address) if address else ""

    def clean_obs_endpoint(self) -> str:
        address: str = self.cleaned_data["obs_endpoint"]
        return clean_endpoint(address) if address else ""

    def clean(self) -> dict[str, Any]:
        values = self.cleaned_data
        same = Credential.objects.filter(owner=self._owner_id(), name=values.get("name"))
        if same.exclude(pk=self.instance.pk).exists():
            self.add_error(
                "name", _("A credential with this name already exists. Choose another name.")
            )
        if not self.may_set_addresses and any(self.data.get(name) for name in ADDRESSES):
            self.add_error(None, _("Only administrators may set custom addresses."))
        if self.instance.pk and not values.get("secret") and "secret" in values:
            self._check_kept_secret(values)
        return values

    def _owner_id(self) -> int | None:
        """The owner's id; the owner is a field in the administration only."""
        owner: User | None = self.cleaned_data.get("owner")
        return owner.pk if owner else self.instance.owner_id

    def _check_kept_secret(self, values: dict[str, Any]) -> None:
        """A stored secret may only be used with the data it was entered for."""
        if values.get("security_token") or "access_key" in self.changed_data:
            self.add_error("secret", _("Enter the secret key (SK) for the new access key."))
        elif self.user.pk != self.instance.owner_id and set(self.changed_data) & {*LEADS_ELSEWHERE}:
            self.add_error(
                "secret",
                _(
                    "To change the addresses, proxy or certificates of another user’s credential, "
                    "enter its password or key again."
                ),
            )  # fmt: skip
