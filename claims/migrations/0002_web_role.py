from django.db import migrations


class Migration(migrations.Migration):
    """What is claimed and published stays: the web's role may add to it and read it only."""

    dependencies = [("claims", "0001_claims")]
    operations = [
        migrations.RunSQL(
            "REVOKE UPDATE, DELETE ON claims_claim, claims_claimshare, claims_claimedrange,"
            " claims_statement FROM billet_web",
            migrations.RunSQL.noop,
        )
    ]
