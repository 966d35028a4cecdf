"""The table of suspensions moves to the app ``accounts``, which takes it from here."""

from django.db import migrations


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0003_obs_endpoint'),
        ('usage', '0001_cloud'),
    ]

    operations = [
        migrations.RemoveConstraint(model_name='hold', name='one_hold_a_service'),
        migrations.SeparateDatabaseAndState(
            database_operations=[
                migrations.AlterModelTable(name='Hold', table='accounts_suspension'),
            ],
            state_operations=[
                migrations.DeleteModel(name='Hold'),
            ],
        ),
    ]
