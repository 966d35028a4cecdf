"""Takes the table of suspensions over from the app ``usage``."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0003_obs_endpoint'),
        ('usage', '0002_suspensions_to_accounts'),
    ]

    operations = [
        migrations.SeparateDatabaseAndState(
            state_operations=[
                migrations.CreateModel(
                    name='Suspension',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('service', models.CharField(blank=True, max_length=60)),
                        ('error_code', models.CharField(max_length=60)),
                        ('error_params', models.JSONField(default=dict)),
                        ('since', models.DateTimeField(auto_now_add=True)),
                        ('credential', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='suspensions', to='accounts.credential')),
                    ],
                ),
            ],
        ),
        migrations.AddConstraint(
            model_name='suspension',
            constraint=models.UniqueConstraint(fields=('credential', 'service'), name='one_suspension_per_service'),
        ),
    ]
