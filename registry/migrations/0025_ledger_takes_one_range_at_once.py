from django.db import migrations

from registry.sql import sql


class Migration(migrations.Migration):
    dependencies = [("registry", "0024_an_ex_ante_audit_is_withdrawn")]
    operations = [
        migrations.RunSQL(sql("ledger_drop") + sql("ledger"), migrations.RunSQL.noop),
    ]
