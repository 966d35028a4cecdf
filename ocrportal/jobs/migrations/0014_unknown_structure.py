from django.db import migrations, models


def forget_defaults(apps, schema_editor):
    """The default of results that were stored before their structure was noted was an empty list."""
    apps.get_model("jobs", "Result").objects.filter(structure=[]).update(structure=None)


class Migration(migrations.Migration):

    dependencies = [
        ('jobs', '0013_structure'),
    ]

    operations = [
        migrations.AlterField(
            model_name='result',
            name='structure',
            field=models.JSONField(blank=True, null=True),
        ),
        migrations.RunPython(forget_defaults, migrations.RunPython.noop, elidable=True),
    ]
