"""Rename the fields of leases, and ``Job.fresh`` to ``bypass_cache``."""

from django.db import migrations, models

LEASED = ("document", "page", "delivery", "export")


class Migration(migrations.Migration):

    dependencies = [
        ("jobs", "0008_status_labels"),
    ]

    operations = [
        migrations.RenameField("job", "fresh", "bypass_cache"),
        # Renaming a field does not rename it within the state's indexes.
        migrations.RemoveIndex("page", "page_active"),
        *(migrations.RenameField(model, "claimed_by", "lease_owner") for model in LEASED),
        *(migrations.RenameField(model, "claimed_until", "lease_expires_at") for model in LEASED),
        migrations.AddIndex(
            "page",
            models.Index(
                fields=["status", "lease_expires_at"],
                name="page_active",
                condition=models.Q(status__in=("queued", "running")),
            ),
        ),
    ]
