"""Rename the codes of errors in the ledger."""

from django.db import migrations

CODES = {
    "calls-held": "calls-suspended",
    "cloud-said": "cloud-api-error",
    "cloud-trouble": "cloud-transient-error",
}


def rename(apps, schema_editor):
    _rename_codes(apps, CODES)


def restore(apps, schema_editor):
    _rename_codes(apps, {new: old for old, new in CODES.items()})


def _rename_codes(apps, codes):
    Call = apps.get_model("usage", "Call")
    for old, new in codes.items():
        Call.objects.filter(code=old).update(code=new)


class Migration(migrations.Migration):
    dependencies = [
        ("usage", "0004_labels"),
    ]

    operations = [
        migrations.RunPython(rename, restore),
    ]
