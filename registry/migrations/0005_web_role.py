from django.db import migrations

from registry.sql import sql


class Migration(migrations.Migration):
    """The role of the web's connections: no schema changes, no change of what is append-only."""

    dependencies = [("registry", "0004_keys_lead_with_issuance")]
    operations = [migrations.RunSQL(sql("web_role"), migrations.RunSQL.noop)]
