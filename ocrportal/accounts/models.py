"""Users, their credentials and API tokens."""

from django.conf import settings
from django.contrib.auth.models import AbstractUser, Group
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from ocrportal.catalogue.spec import regions
from ocrportal.errors import describe


class User(AbstractUser):
    """A person who may sign in. Admins create users in Django admin."""

    language = models.CharField(
        _("language"),
        max_length=10,
        choices=settings.LANGUAGES,
        blank=True,
        help_text=_("Leave empty to follow the browser."),
    )
    calls_per_month = models.PositiveIntegerField(
        _("cloud calls per month"),
        null=True,
        blank=True,
        help_text=_("Limit of billed calls per calendar month. Leave empty for no limit."),
    )


class Credential(models.Model):
    """Keys to a cloud engine. Only accounts.credentials reads the encrypted fields."""

    class Kind(models.TextChoices):
        TOKEN = "token", _("IAM user and password")
        AKSK = "aksk", _("Access key (AK/SK)")

    owner = models.ForeignKey(
        User, on_delete=models.CASCADE, related_name="credentials", verbose_name=_("owner")
    )
    shared_users = models.ManyToManyField(
        User, blank=True, related_name="+", verbose_name=_("shared with users")
    )
    shared_groups = models.ManyToManyField(
        Group, blank=True, related_name="+", verbose_name=_("shared with groups")
    )
    name = models.CharField(_("name of the credential"), max_length=100)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    region = models.CharField(_("region"), max_length=60)
    iam_user = models.CharField(_("IAM user"), max_length=100, blank=True)
    domain = models.CharField(_("account name"), max_length=100, blank=True)
    access_key = models.CharField(_("access key (AK)"), max_length=100, blank=True)
    secret = models.TextField(editable=False)
    """Encrypted: the password or the secret key."""
    security_token = models.TextField(blank=True, editable=False)
    """Encrypted; with temporary keys only."""
    project_id = models.CharField(_("project ID"), max_length=64, blank=True)
    enterprise_project_id = models.CharField(_("enterprise project ID"), max_length=64, blank=True)
    ocr_endpoint = models.CharField(_("OCR address"), max_length=200, blank=True)
    obs_endpoint = models.CharField(_("OBS address"), max_length=200, blank=True)
    iam_endpoint = models.CharField(_("IAM address"), max_length=200, blank=True)
    verify_tls = models.BooleanField(_("verify the server certificate"), default=True)
    ca_bundle = models.TextField(_("CA certificates (PEM)"), blank=True)
    proxy = models.TextField(blank=True, editable=False)
    """Encrypted, since it may hold a password."""
    connect_seconds = models.PositiveSmallIntegerField(
        _("connect timeout (seconds)"),
        default=10,
        validators=[MinValueValidator(1), MaxValueValidator(60)],
    )
    read_seconds = models.PositiveSmallIntegerField(
        _("response timeout (seconds)"),
        default=60,
        validators=[MinValueValidator(5), MaxValueValidator(300)],
    )
    calls_per_minute = models.PositiveIntegerField(
        _("calls per minute"),
        null=True,
        blank=True,
        help_text=_("Per service. Leave empty for the limit of the cloud."),
        validators=[MinValueValidator(1)],
    )
    calls_at_once = models.PositiveSmallIntegerField(
        _("concurrent calls"),
        default=4,
        help_text=_("Per service."),
        validators=[MinValueValidator(1), MaxValueValidator(100)],
    )
    version = models.PositiveIntegerField(default=0, editable=False)
    """Counts the changes that affect calls: the outcome of a call made with an earlier
    version does not apply to this one."""
    created_at = models.DateTimeField(_("created"), auto_now_add=True)
    verified_at = models.DateTimeField(null=True, editable=False)
    """When a call last succeeded; null since its keys were changed. The calls of an unverified
    credential are made one at a time, so that wrong keys are refused only once."""

    token = models.TextField(blank=True, editable=False)
    """Encrypted: the IAM token in use, with its project."""
    token_expires_at = models.DateTimeField(null=True, editable=False)
    signing_in_until = models.DateTimeField(null=True, editable=False)
    """While a process signs in, other processes wait for its token until this time."""
    sign_in_failure = models.JSONField(default=dict, editable=False)
    """The last failed sign-in, for the processes that waited for it: ``at`` is its time,
    ``code`` and ``params`` are the error's."""

    class Meta:
        verbose_name = _("credential")
        verbose_name_plural = _("credentials")
        ordering = ("name", "id")
        constraints = (
            models.UniqueConstraint(fields=["owner", "name"], name="credential_name_of_owner"),
        )

    def __str__(self) -> str:
        return self.name

    @property
    def masked_access_key(self) -> str:
        """The last characters of the access key, to identify it."""
        return f"••••{self.access_key[-4:]}" if self.access_key else ""

    @property
    def is_suspended(self) -> bool:
        """True if all calls with it are suspended."""
        return any(not row.service for row in self.suspensions.all())

    @property
    def is_unprotected(self) -> bool:
        """True if requests can be read or changed in transit; screens show a warning."""
        addresses = (self.ocr_endpoint, self.obs_endpoint, self.iam_endpoint)
        return not self.verify_tls or any(address.startswith("http:") for address in addresses)

    @property
    def region_name(self) -> str:
        """The region's name in the active language; its id if it is not in the catalogue."""
        known = regions().get(self.region)
        return known.name if known else self.region


class Suspension(models.Model):
    """Why no call is made with a credential, or with it to one service, until it is fixed."""

    credential = models.ForeignKey(Credential, on_delete=models.CASCADE, related_name="suspensions")
    service = models.CharField(max_length=60, blank=True)
    """Empty: all services."""
    error_code = models.CharField(max_length=60)
    error_params = models.JSONField(default=dict)
    since = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("suspension")
        verbose_name_plural = _("suspensions")
        constraints = (
            models.UniqueConstraint(
                fields=["credential", "service"], name="one_suspension_per_service"
            ),
        )

    def __str__(self) -> str:
        return f"{self.credential_id} {self.service} {self.error_code}"

    @property
    def message(self) -> str:
        """What is wrong and who can fix it, in the active language."""
        return describe(self.error_code, self.error_params)


class ApiToken(models.Model):
    """A key with which a script acts for a user. Only its digest is stored."""

    user = models.ForeignKey(
        User, on_delete=models.CASCADE, related_name="api_tokens", verbose_name=_("user")
    )
    digest = models.CharField(max_length=64, unique=True)
    """SHA-256 of the token, in hexadecimal."""
    created_at = models.DateTimeField(_("created"), auto_now_add=True)

    class Meta:
        verbose_name = _("API token")
        verbose_name_plural = _("API tokens")
        ordering = ("-created_at",)

    def __str__(self) -> str:
        return f"{self.user} {self.created_at:%Y-%m-%d}"
