"""Rename ``Job.preparation`` to ``preprocessing``, and the steps stored in it."""

from django.db import migrations

STEPS = {
    "upright": "auto_rotate",
    "level": "deskew",
    "straighten": "correct_perspective",
    "contrast": "enhance_contrast",
    "shrink": "downscale",
}


def rename_steps(apps, schema_editor):
    _rename_keys(apps, STEPS)


def restore_steps(apps, schema_editor):
    _rename_keys(apps, {new: old for old, new in STEPS.items()})


def _rename_keys(apps, names):
    Job = apps.get_model("jobs", "Job")
    for job in Job.objects.exclude(preprocessing={}).only("preprocessing").iterator():
        job.preprocessing = {names.get(key, key): on for key, on in job.preprocessing.items()}
        job.save(update_fields=["preprocessing"])


class Migration(migrations.Migration):

    dependencies = [
        ("jobs", "0006_delivery_names"),
    ]

    operations = [
        migrations.RenameField("job", "preparation", "preprocessing"),
        migrations.RunPython(rename_steps, restore_steps),
    ]
