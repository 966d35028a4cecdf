from __future__ import annotations

from functools import partialmethod
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.contrib.auth.admin import GroupAdmin, UserAdmin
from django.contrib.auth.models import Group, Permission
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from ocrportal.accounts.checking import check_credential
from ocrportal.accounts.credential_changes import (
    add_credential,
    change_credential,
    remove_credential,
)
from ocrportal.accounts.forms import FIELDS_OF_KIND, CredentialForm
from ocrportal.accounts.models import ApiToken, Credential, User

PERMISSIONS = {
    "add": _("Can add"),
    "change": _("Can change"),
    "delete": _("Can delete"),
    "view": _("Can view"),
}


class PermissionsField(forms.ModelMultipleChoiceField):
    """Permissions in the active language: Django stores their names in English."""

    def label_from_instance(self, obj: Permission) -> str:
        action, _sep, model = obj.codename.partition("_")
        name = PERMISSIONS[action] if model == obj.content_type.model else obj.name
        return f"{obj.content_type} | {name}"


admin.site.unregister(Group)


@admin.register(Group)
class PortalGroupAdmin(GroupAdmin):
    """Django's own screens for groups, with the permissions in the active language."""

    def formfield_for_manytomany(
        self, db_field: Any, request: HttpRequest | None = None, **kwargs: Any
    ) -> Any:
        kwargs["form_class"] = PermissionsField  # a group has no other field of this kind
        return super().formfield_for_manytomany(db_field, request, **kwargs)


@admin.register(User)
class PortalUserAdmin(UserAdmin):
    """Django's own screens for users, with their language and the limit of cloud calls."""

    fieldsets = (
        *(UserAdmin.fieldsets or ()),
        (_("Preferences"), {"fields": ("language",)}),
        (_("Huawei Cloud"), {"fields": ("calls_per_month",)}),
    )

    def formfield_for_manytomany(self, db_field: Any, request: HttpRequest, **kwargs: Any) -> Any:
        if db_field.related_model is Permission:
            kwargs["form_class"] = PermissionsField
        return super().formfield_for_manytomany(db_field, request, **kwargs)


@admin.register(ApiToken)
class ApiTokenAdmin(admin.ModelAdmin):
    """Admins see who has tokens and delete them; they can neither read nor create one."""

    list_display = ("user", "created_at")
    list_filter = ("user",)
    fields = ("user", "created_at")
    readonly_fields = fields

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False


class AdminCredentialForm(CredentialForm):
    """A credential of any user, and the users and groups it is shared with."""

    class Meta(CredentialForm.Meta):
        fields: tuple[str, ...] = (
            "owner",
            *CredentialForm.Meta.fields,
            "shared_users",
            "shared_groups",
        )

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        if kwargs.get("instance") is None:
            kwargs["instance"] = Credential(kind=kind)
        super().__init__(*args, may_set_addresses=True, **kwargs)


@admin.register(Credential)
class CredentialAdmin(admin.ModelAdmin):
    """Admins create credentials for other users and share them. No secret is shown here either."""

    form = AdminCredentialForm
    # The form declares its own fields for these, which show nothing.
    exclude = ("secret", "security_token", "proxy")
    list_display = ("name", "owner", "kind", "region", "short_state", "created_at")
    list_filter = ("kind", "region")
    search_fields = ("name", "owner__username")
    list_select_related = ("owner",)
    filter_horizontal = ("shared_users", "shared_groups")
    actions = ("check_selected",)

    def get_queryset(self, request: HttpRequest) -> QuerySet[Credential]:
        return super().get_queryset(request).prefetch_related("suspensions")

    @admin.display(description=_("state"))
    def state(self, credential: Credential) -> str:
        reasons = [suspension.message for suspension in credential.suspensions.all()]
        if reasons:
            return " ".join(reasons)
        return gettext("works") if credential.verified_at else gettext("not checked yet")

    @admin.display(description=_("state"))
    def short_state(self, credential: Credential) -> str:
        """The state in one word; the reasons are on the credential's page."""
        return gettext("Paused") if credential.suspensions.all() else self.state(credential)

    @admin.action(description=_("Check the selected credentials"), permissions=["change"])
    def check_selected(self, request: HttpRequest, queryset: QuerySet[Credential]) -> None:
        assert isinstance(request.user, User)  # the admin site requires it
        for credential in queryset:
            diagnosis = check_credential(user=request.user, credential=credential)
            level = messages.ERROR if diagnosis.problem else messages.SUCCESS
            outcome = diagnosis.problem.sentence if diagnosis.problem else gettext("works")
            self.message_user(request, f"“{credential}”: {outcome}", level)

    def has_view_permission(self, request: HttpRequest, obj: Credential | None = None) -> bool:
        # Without the right to change, Django would show the stored values instead of the form.
        return self.has_change_permission(request, obj)

    def get_readonly_fields(
        self, request: HttpRequest, obj: Credential | None = None
    ) -> tuple[str, ...]:
        return ("owner", "state") if obj else ()

    def get_fieldsets(self, request: HttpRequest, obj: Credential | None = None) -> Any:
        kind = _kind(request, obj)
        keys = (*(name for name in FIELDS_OF_KIND[kind] if name != "security_token"), "secret")
        temporary = ("security_token",) if kind == Credential.Kind.AKSK else ()
        storage = ("obs_endpoint",) if kind == Credential.Kind.AKSK else ()
        network = ("iam_endpoint", "ocr_endpoint", *storage, "proxy", "verify_tls", "ca_bundle")
        limits = ("connect_seconds", "read_seconds", "calls_per_minute", "calls_at_once")
        return (
            (
                kind.label,
                {
                    "fields": (
                        "owner",
                        "name",
                        "region",
                        *keys,
                        *temporary,
                        *(("state",) if obj else ()),
                    ),
                    "description": "" if obj else _other_kind(kind),
                },
            ),
            (_("Shared with"), {"fields": ("shared_users", "shared_groups")}),
            (_("Project"), {"fields": ("project_id", "enterprise_project_id")}),
            (_("Network"), {"fields": network}),
            (_("Pace"), {"fields": limits}),
        )

    def get_form(
        self,
        request: HttpRequest,
        obj: Credential | None = None,
        change: bool = False,
        **kwargs: Any,
    ) -> Any:
        form: Any = super().get_form(request, obj, change, **kwargs)
        init = partialmethod(form.__init__, user=request.user, kind=_kind(request, obj))
        return type("BoundCredentialForm", (form,), {"__init__": init})

    def save_model(self, request: Any, obj: Credential, form: Any, change: bool) -> None:
        values = form.cleaned_data
        if change:
            change_credential(user=request.user, credential=obj, values=values)
        else:
            saved = add_credential(user=request.user, owner=obj.owner, kind=obj.kind, values=values)
            obj.pk = saved.pk

    def delete_model(self, request: Any, obj: Credential) -> None:
        remove_credential(user=request.user, credential=obj)

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[Credential]) -> None:
        for credential in queryset:
            self.delete_model(request, credential)


def _kind(request: HttpRequest, credential: Credential | None) -> Credential.Kind:
    """The credential's kind; for a new one, from the query string."""
    kind = credential.kind if credential else request.GET.get("kind", "")
    return Credential.Kind.TOKEN if kind == "token" else Credential.Kind.AKSK


def _other_kind(kind: Credential.Kind) -> str:
    other = Credential.Kind.AKSK if kind == Credential.Kind.TOKEN else Credential.Kind.TOKEN
    return format_html('{} <a href="?kind={}">{}</a>', _("Other kind:"), other.value, other.label)
