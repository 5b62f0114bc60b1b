from django.db import migrations

_TABLES = ("registry_holding", "registry_entry")


class Migration(migrations.Migration):
    """Primary keys (issuance, id), so that both tables can be distributed by issuance.

    Only in the database: Django cannot register a composite key in the admin yet, and the
    ledger always names the issuance beside the id.
    """

    dependencies = [("registry", "0003_ledger_functions")]
    operations = [
        migrations.RunSQL(
            f"ALTER TABLE {table} DROP CONSTRAINT {table}_pkey,"
            f" ADD CONSTRAINT {table}_pkey PRIMARY KEY (issuance_id, id)",
            f"ALTER TABLE {table} DROP CONSTRAINT {table}_pkey,"
            f" ADD CONSTRAINT {table}_pkey PRIMARY KEY (id)",
        )
        for table in _TABLES
    ]
