from django.db import migrations

from registry.sql import sql


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_account_blocks"),
        ("registry", "0026_checks_a_session_plans_once"),
    ]
    operations = [
        migrations.RunSQL(sql("ledger_drop") + sql("ledger"), migrations.RunSQL.noop),
    ]
