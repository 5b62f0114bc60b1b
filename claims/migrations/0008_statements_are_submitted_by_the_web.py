from django.db import migrations


class Migration(migrations.Migration):
    """The web's role may write every column that a submission writes; the trigger holds the rest."""

    dependencies = [("claims", "0001_squashed_0007_files_of_statements")]
    operations = [
        migrations.RunSQL(
            "GRANT UPDATE (basis) ON claims_statement TO billet_web",
            "REVOKE UPDATE (basis) ON claims_statement FROM billet_web",
        )
    ]
