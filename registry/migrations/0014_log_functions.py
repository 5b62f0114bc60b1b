from django.db import migrations

from registry.sql import sql


class Migration(migrations.Migration):
    """Install the log's functions and triggers, and log what is there already."""

    dependencies = [("registry", "0013_log_tables")]
    operations = [
        migrations.RunSQL(sql("log"), sql("log_drop")),
        migrations.RunSQL(sql("log_begin"), migrations.RunSQL.noop),
    ]
