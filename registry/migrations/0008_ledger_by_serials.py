from django.db import migrations

from registry.sql import sql


class Migration(migrations.Migration):
    """Re-install the ledger's functions: they find holdings by their serials, never by all pairs."""

    dependencies = [("registry", "0007_own_moves_surrender_nothing")]
    operations = [migrations.RunSQL(sql("ledger"), migrations.RunSQL.noop)]
