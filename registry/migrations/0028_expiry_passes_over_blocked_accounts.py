from django.db import migrations

from registry.sql import sql


class Migration(migrations.Migration):
    dependencies = [
        ("accounts", "0002_account_blocks"),
        ("registry", "0027_ledger_says_what_is_co_claimed"),
    ]
    operations = [
        migrations.RunSQL(sql("ledger_drop") + sql("ledger"), migrations.RunSQL.noop),
    ]
