"""Rename the codes of stored errors, and the option ``furniture`` of exports."""

from django.db import migrations

CODES = {
    "calls-held": "calls-suspended",
    "cloud-said": "cloud-api-error",
    "cloud-trouble": "cloud-transient-error",
    "credential-gone": "credential-removed",
    "object-in-the-way": "object-exists",
    "reception-broken": "upload-interrupted",
    "store-credential-gone": "store-credential-missing",
    "store-owes": "account-in-arrears",
}
FAILABLE = ("Document", "Page", "Delivery", "Export")


def rename(apps, schema_editor):
    _rename_codes(apps, CODES)
    _rename_option(apps, "furniture", "headers_footers")


def restore(apps, schema_editor):
    _rename_codes(apps, {new: old for old, new in CODES.items()})
    _rename_option(apps, "headers_footers", "furniture")


def _rename_codes(apps, codes):
    for name in FAILABLE:
        rows = apps.get_model("jobs", name)._base_manager
        for old, new in codes.items():
            rows.filter(error_code=old).update(error_code=new)


def _rename_option(apps, old, new):
    Export = apps.get_model("jobs", "Export")
    for export in Export.objects.filter(options__has_key=old).only("options").iterator():
        options = {new if key == old else key: word for key, word in export.options.items()}
        # Not saved, which would count as progress of an active export.
        Export.objects.filter(pk=export.pk).update(options=options)


class Migration(migrations.Migration):
    dependencies = [
        ("jobs", "0009_leases"),
    ]

    operations = [
        migrations.RunPython(rename, restore),
    ]
