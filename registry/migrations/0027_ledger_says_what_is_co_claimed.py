from django.db import migrations

from registry.sql import sql


class Migration(migrations.Migration):
    dependencies = [("registry", "0026_checks_a_session_plans_once")]
    operations = [
        migrations.RunSQL(sql("ledger_drop") + sql("ledger"), migrations.RunSQL.noop),
    ]
