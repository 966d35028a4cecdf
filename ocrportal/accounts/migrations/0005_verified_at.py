from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0004_suspension'),
    ]

    operations = [
        migrations.RenameField(model_name='credential', old_name='proven_at', new_name='verified_at'),
    ]
