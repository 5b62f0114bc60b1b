from django.db import migrations


class Migration(migrations.Migration):
    """To lock a row asks for the right to update something; the trigger refuses every update."""

    dependencies = [("registry", "0032_transfers_without_indexes_on_people")]
    operations = [
        migrations.RunSQL(
            "GRANT UPDATE (id) ON registry_agreement TO billet_web",
            "REVOKE UPDATE (id) ON registry_agreement FROM billet_web",
        )
    ]
