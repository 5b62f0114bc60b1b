import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    """The log: pending events, numbered leaves, checkpoints, and the salts of persons."""

    dependencies = [
        ('accounts', '0001_people_and_organisations'),
        ('registry', '0012_baselines_and_recipients'),
    ]

    operations = [
        migrations.CreateModel(
            name='LogCheckpoint',
            fields=[
                ('size', models.BigIntegerField(primary_key=True, serialize=False)),
                ('root', models.BinaryField()),
                ('note', models.TextField()),
                ('at', models.DateTimeField()),
            ],
        ),
        migrations.CreateModel(
            name='LogLeaf',
            fields=[
                ('number', models.BigIntegerField(primary_key=True, serialize=False)),
                ('event', models.TextField()),
                ('retirement', models.UUIDField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name='LogPending',
            fields=[
                ('id', models.BigAutoField(primary_key=True, serialize=False)),
                ('event', models.TextField()),
            ],
        ),
        migrations.CreateModel(
            name='LogSalt',
            fields=[
                ('user', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='log_salt', serialize=False, to=settings.AUTH_USER_MODEL)),
                ('salt', models.BinaryField()),
            ],
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='logcheckpoint',
            trigger=pgtrigger.compiler.Trigger(name='checkpoints_are_never_changed', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='67d445587a58758e4929f32f9bf5ec842b1fa6bd', operation='UPDATE OR DELETE', pgid='pgtrigger_checkpoints_are_never_changed_fe587', table='registry_logcheckpoint', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='logcheckpoint',
            trigger=pgtrigger.compiler.Trigger(name='checkpoints_are_never_truncated', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'checkpoints are never truncated';", hash='0bd5831fec8072a9e0e6fece96d01291492c267c', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_checkpoints_are_never_truncated_0321e', table='registry_logcheckpoint', when='BEFORE')),
        ),
        migrations.AddIndex(
            model_name='logleaf',
            index=models.Index(condition=models.Q(('retirement__isnull', False)), fields=['retirement'], name='leaf_by_retirement'),
        ),
        migrations.AddConstraint(
            model_name='logleaf',
            constraint=models.CheckConstraint(condition=models.Q(('number__gte', 0)), name='leaves_are_numbered_from_zero'),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='logleaf',
            trigger=pgtrigger.compiler.Trigger(name='leaves_are_never_changed', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='c308b4993f3a487e9fb5dd3b54e8ec958da3af22', operation='UPDATE OR DELETE', pgid='pgtrigger_leaves_are_never_changed_98fa3', table='registry_logleaf', when='BEFORE')),
        ),
        pgtrigger.migrations.AddTrigger(
            model_name='logleaf',
            trigger=pgtrigger.compiler.Trigger(name='leaves_are_never_truncated', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'leaves are never truncated';", hash='c57ec4afef36ee2d5d211ac125113cc9af38dc08', level='STATEMENT', operation='TRUNCATE', pgid='pgtrigger_leaves_are_never_truncated_1e5e2', table='registry_logleaf', when='BEFORE')),
        ),
    ]
