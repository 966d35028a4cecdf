import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('accounts', '0004_suspension'),
        ('usage', '0002_suspensions_to_accounts'),
    ]

    operations = [
        migrations.RemoveConstraint(model_name='pace', name='one_pace_a_service'),
        migrations.RenameModel(old_name='Pace', new_name='RateLimit'),
        migrations.RenameModel(old_name='Turn', new_name='CallSlot'),
        migrations.RenameField(model_name='ratelimit', old_name='learned_at', new_name='stated_at'),
        migrations.RenameField(model_name='callslot', old_name='pace', new_name='rate_limit'),
        migrations.AlterField(
            model_name='ratelimit',
            name='credential',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rate_limits', to='accounts.credential'),
        ),
        migrations.AlterField(
            model_name='callslot',
            name='rate_limit',
            field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='slots', to='usage.ratelimit'),
        ),
        migrations.AddConstraint(
            model_name='ratelimit',
            constraint=models.UniqueConstraint(fields=('credential', 'service'), name='one_rate_limit_per_service'),
        ),
    ]
