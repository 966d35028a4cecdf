"""Rename the codes of stored errors."""

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
    Suspension = apps.get_model("accounts", "Suspension")
    Credential = apps.get_model("accounts", "Credential")
    for old, new in codes.items():
        Suspension.objects.filter(error_code=old).update(error_code=new)
        for credential in Credential.objects.filter(sign_in_failure__code=old):
            credential.sign_in_failure["code"] = new
            credential.save(update_fields=["sign_in_failure"])


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0006_labels"),
    ]

    operations = [
        migrations.RunPython(rename, restore),
    ]
