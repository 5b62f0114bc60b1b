from django.db import migrations

from registry.sql import sql


class Migration(migrations.Migration):
    dependencies = [("registry", "0023_an_option_without_units_is_refused")]
    operations = [
        migrations.RunSQL(sql("ledger_drop") + sql("ledger"), migrations.RunSQL.noop),
    ]
