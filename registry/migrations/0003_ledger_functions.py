from django.db import migrations

from registry.sql import sql


class Migration(migrations.Migration):
    """Install the ledger's functions as the file has them today; a later change re-installs."""

    dependencies = [("registry", "0002_records")]
    operations = [migrations.RunSQL(sql("ledger"), sql("ledger_drop"))]
