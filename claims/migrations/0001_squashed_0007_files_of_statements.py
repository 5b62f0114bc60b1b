# Made by makemigrations from the models as they then were; see docs/decisions/0021.
import accounts.ids
import claims.transitions
import django.contrib.postgres.constraints
import django.contrib.postgres.fields
import django.contrib.postgres.fields.ranges
import django.core.validators
import django.db.models.deletion
import pgtrigger.compiler
import pgtrigger.migrations
from accounts.at_once import CreateAtOnce
from claims.accounting.acceptance import shipped
from dataclasses import asdict
from django.conf import settings
from django.db import migrations, models


# What is claimed and published stays: the web's role may add to it and read it only; of a statement
# the trigger holds what may change.
GRANTS = """
REVOKE UPDATE, DELETE ON claims_claim, claims_claimshare, claims_claimedrange, claims_statement,
                         claims_claimpath, claims_statementstep FROM billet_web;
REVOKE DELETE ON claims_pendingclaim, claims_pendingline, claims_assurance FROM billet_web;
GRANT UPDATE (state, supersedes_id, edition, claim_type, text, audience, jurisdictions, sourcing,
              document, summary, sha256, findings, submitted_at, published_on, published_at,
              published_by_id, is_demonstration)
   ON claims_statement TO billet_web;
"""


def load_acceptance(apps, schema_editor):
    """What the project ships; the operator keeps it from then on."""
    rows = apps.get_model("claims", "ProgrammeAcceptance").objects
    for place, each in enumerate(shipped(), start=1):
        rows.create(place=place * 10, **asdict(each))


class Migration(migrations.Migration):
    """Inventories, claims and statements: for a database that is new. One that is not goes the old way."""

    replaces = [
        ('claims', '0001_claims'),
        ('claims', '0002_web_role'),
        ('claims', '0003_lines_by_spend_and_imports'),
        ('claims', '0004_pending_claims'),
        ('claims', '0005_statements_have_a_life'),
        ('claims', '0006_jobs'),
        ('claims', '0007_files_of_statements'),
    ]
    initial = True
    dependencies = [
        ('accounts', '0002_account_blocks'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('auth', '0012_alter_user_first_name_max_length'),
        ('pghistory', '0007_auto_20250421_0444'),
        ('registry', '0028_expiry_passes_over_blocked_accounts'),
    ]

    operations = [
        CreateAtOnce([
            migrations.CreateModel(
                name='Claim',
                fields=[
                    ('id', models.UUIDField(default=accounts.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                    ('code', models.CharField(max_length=12, unique=True)),
                    ('method', models.CharField(max_length=10)),
                    ('cap', models.CharField(blank=True, max_length=10)),
                    ('volume', models.BigIntegerField(validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(1000000000000)], verbose_name='units claimed, t')),
                    ('edition', models.CharField(max_length=40)),
                    ('inputs', models.JSONField()),
                    ('result', models.JSONField()),
                    ('findings', models.JSONField()),
                    ('claimed_on', models.DateField()),
                    ('claimed_at', models.DateTimeField()),
                    ('is_demonstration', models.BooleanField(default=False)),
                    ('claimed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='claims', to='accounts.organisation')),
                ],
            ),
            migrations.CreateModel(
                name='ClaimShare',
                fields=[
                    ('id', models.UUIDField(default=accounts.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                    ('method', models.CharField(max_length=10)),
                    ('functional_unit', models.CharField(max_length=12)),
                    ('volume', models.DecimalField(decimal_places=20, max_digits=40)),
                    ('counted_emissions', models.DecimalField(decimal_places=26, max_digits=50)),
                    ('unit_emissions', models.DecimalField(decimal_places=26, max_digits=50)),
                    ('reduction_emissions', models.DecimalField(decimal_places=26, max_digits=50)),
                    ('above_factor', models.BooleanField()),
                ],
            ),
            migrations.CreateModel(
                name='DecisionPath',
                fields=[
                    ('id', models.UUIDField(default=accounts.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                    ('answers', models.JSONField(default=list)),
                    ('changed_at', models.DateTimeField()),
                ],
            ),
            migrations.CreateModel(
                name='ImportedLine',
                fields=[
                    ('name', models.CharField(max_length=200, verbose_name='what it is')),
                    ('category', models.CharField(choices=[('scope_1', 'Scope 1: Direct emissions'), ('scope_3_1', 'Scope 3 Category 1: Purchased goods and services'), ('scope_3_2', 'Scope 3 Category 2: Capital goods'), ('scope_3_3', 'Scope 3 Category 3: Fuel- and energy-related activities (not included in scope 1 or scope 2)'), ('scope_3_4', 'Scope 3 Category 4: Upstream transportation and distribution'), ('scope_3_5', 'Scope 3 Category 5: Waste generated in operations'), ('scope_3_6', 'Scope 3 Category 6: Business travel'), ('scope_3_7', 'Scope 3 Category 7: Employee commuting'), ('scope_3_8', 'Scope 3 Category 8: Upstream leased assets'), ('scope_3_9', 'Scope 3 Category 9: Downstream transportation and distribution'), ('scope_3_10', 'Scope 3 Category 10: Processing of sold products'), ('scope_3_11', 'Scope 3 Category 11: Use of sold products'), ('scope_3_12', 'Scope 3 Category 12: End-of-life treatment of sold products'), ('scope_3_13', 'Scope 3 Category 13: Downstream leased assets'), ('scope_3_14', 'Scope 3 Category 14: Franchises'), ('scope_3_15', 'Scope 3 Category 15: Investments')], max_length=12)),
                    ('material', models.CharField(choices=[('iron', 'iron'), ('steel', 'steel'), ('other', 'other')], max_length=10)),
                    ('product_type', models.CharField(blank=True, choices=[('flat', 'flat'), ('long', 'long')], max_length=10, verbose_name='flat or long')),
                    ('product_family', models.CharField(blank=True, max_length=100)),
                    ('region', models.CharField(blank=True, max_length=100)),
                    ('facility', models.CharField(blank=True, max_length=100)),
                    ('tonnes', models.DecimalField(blank=True, decimal_places=6, max_digits=18, null=True, validators=[django.core.validators.MinValueValidator(0)], verbose_name='physical tonnes')),
                    ('factor_intensity', models.DecimalField(blank=True, decimal_places=6, max_digits=12, null=True, validators=[django.core.validators.MinValueValidator(0)], verbose_name='emission factor, t CO2e/t')),
                    ('factor_source', models.CharField(blank=True, max_length=300, verbose_name='source of the factor')),
                    ('factor_boundary', models.CharField(blank=True, max_length=200, verbose_name='boundary of the factor')),
                    ('scrap_share', models.DecimalField(blank=True, decimal_places=6, max_digits=7, null=True, validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(1)], verbose_name='scrap share')),
                    ('stated_emissions', models.DecimalField(blank=True, decimal_places=6, max_digits=20, null=True, validators=[django.core.validators.MinValueValidator(0)], verbose_name='emissions of a line not in tonnes, t CO2e')),
                    ('data_tier', models.CharField(blank=True, choices=[('supplier', 'supplier'), ('regional', 'regional'), ('global', 'global'), ('spend', 'spend')], max_length=10)),
                    ('verified', models.CharField(blank=True, choices=[('full', 'full'), ('part', 'part'), ('no', 'no')], max_length=4)),
                    ('activity', models.CharField(blank=True, max_length=100, verbose_name='of what, if not of making metal')),
                    ('iron_content', models.DecimalField(blank=True, decimal_places=6, max_digits=7, null=True, validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(1)], verbose_name='iron content, from the supplier')),
                    ('regional_scrap_share', models.DecimalField(blank=True, decimal_places=6, max_digits=7, null=True, validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(1)], verbose_name="family's regional scrap share")),
                    ('global_scrap_share', models.DecimalField(blank=True, decimal_places=6, max_digits=7, null=True, validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(1)], verbose_name="family's global scrap share")),
                    ('iron_content_source', models.CharField(blank=True, max_length=300)),
                    ('iron_factor_intensity', models.DecimalField(blank=True, decimal_places=6, max_digits=12, null=True, validators=[django.core.validators.MinValueValidator(0)], verbose_name='factor of the iron, t CO2e/t')),
                    ('spend', models.DecimalField(blank=True, decimal_places=4, max_digits=20, null=True, validators=[django.core.validators.MinValueValidator(0)], verbose_name='spend, in currency')),
                    ('currency', models.CharField(blank=True, max_length=3, verbose_name='currency (ISO 4217)')),
                    ('spend_factor', models.DecimalField(blank=True, decimal_places=9, max_digits=18, null=True, validators=[django.core.validators.MinValueValidator(0)], verbose_name='t CO2e per unit of currency')),
                    ('estimation', models.CharField(blank=True, choices=[('intervention_baseline', 'intervention baseline'), ('unit_cost', 'unit cost')], max_length=25)),
                    ('baseline_intensity', models.DecimalField(blank=True, decimal_places=6, max_digits=12, null=True, validators=[django.core.validators.MinValueValidator(0)], verbose_name='product intervention baseline, t CO2e/t')),
                    ('baseline_source', models.CharField(blank=True, max_length=300)),
                    ('price_index_spend', models.DecimalField(blank=True, decimal_places=6, max_digits=14, null=True, validators=[django.core.validators.MinValueValidator(0)], verbose_name='producer price index, year of the spend')),
                    ('price_index_reference', models.DecimalField(blank=True, decimal_places=6, max_digits=14, null=True, validators=[django.core.validators.MinValueValidator(0)], verbose_name='producer price index, year of the price')),
                    ('unit_price', models.DecimalField(blank=True, decimal_places=4, max_digits=18, null=True, validators=[django.core.validators.MinValueValidator(0)], verbose_name='price, in currency per t')),
                    ('price_source', models.CharField(blank=True, max_length=300)),
                    ('id', models.UUIDField(default=accounts.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                    ('row', models.PositiveIntegerField()),
                ],
                options={
                    'abstract': False,
                },
            ),
            migrations.CreateModel(
                name='Inventory',
                fields=[
                    ('id', models.UUIDField(default=accounts.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                    ('name', models.CharField(max_length=200)),
                    ('period_start', models.DateField(verbose_name='first day of the reporting period')),
                    ('period_end', models.DateField(verbose_name='last day of the reporting period')),
                    ('created_at', models.DateTimeField()),
                    ('is_demonstration', models.BooleanField(default=False)),
                ],
                options={
                    'verbose_name_plural': 'inventories',
                },
            ),
            migrations.CreateModel(
                name='InventoryLine',
                fields=[
                    ('name', models.CharField(max_length=200, verbose_name='what it is')),
                    ('category', models.CharField(choices=[('scope_1', 'Scope 1: Direct emissions'), ('scope_3_1', 'Scope 3 Category 1: Purchased goods and services'), ('scope_3_2', 'Scope 3 Category 2: Capital goods'), ('scope_3_3', 'Scope 3 Category 3: Fuel- and energy-related activities (not included in scope 1 or scope 2)'), ('scope_3_4', 'Scope 3 Category 4: Upstream transportation and distribution'), ('scope_3_5', 'Scope 3 Category 5: Waste generated in operations'), ('scope_3_6', 'Scope 3 Category 6: Business travel'), ('scope_3_7', 'Scope 3 Category 7: Employee commuting'), ('scope_3_8', 'Scope 3 Category 8: Upstream leased assets'), ('scope_3_9', 'Scope 3 Category 9: Downstream transportation and distribution'), ('scope_3_10', 'Scope 3 Category 10: Processing of sold products'), ('scope_3_11', 'Scope 3 Category 11: Use of sold products'), ('scope_3_12', 'Scope 3 Category 12: End-of-life treatment of sold products'), ('scope_3_13', 'Scope 3 Category 13: Downstream leased assets'), ('scope_3_14', 'Scope 3 Category 14: Franchises'), ('scope_3_15', 'Scope 3 Category 15: Investments')], max_length=12)),
                    ('material', models.CharField(choices=[('iron', 'iron'), ('steel', 'steel'), ('other', 'other')], max_length=10)),
                    ('product_type', models.CharField(blank=True, choices=[('flat', 'flat'), ('long', 'long')], max_length=10, verbose_name='flat or long')),
                    ('product_family', models.CharField(blank=True, max_length=100)),
                    ('region', models.CharField(blank=True, max_length=100)),
                    ('facility', models.CharField(blank=True, max_length=100)),
                    ('tonnes', models.DecimalField(blank=True, decimal_places=6, max_digits=18, null=True, validators=[django.core.validators.MinValueValidator(0)], verbose_name='physical tonnes')),
                    ('factor_intensity', models.DecimalField(blank=True, decimal_places=6, max_digits=12, null=True, validators=[django.core.validators.MinValueValidator(0)], verbose_name='emission factor, t CO2e/t')),
                    ('factor_source', models.CharField(blank=True, max_length=300, verbose_name='source of the factor')),
                    ('factor_boundary', models.CharField(blank=True, max_length=200, verbose_name='boundary of the factor')),
                    ('scrap_share', models.DecimalField(blank=True, decimal_places=6, max_digits=7, null=True, validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(1)], verbose_name='scrap share')),
                    ('stated_emissions', models.DecimalField(blank=True, decimal_places=6, max_digits=20, null=True, validators=[django.core.validators.MinValueValidator(0)], verbose_name='emissions of a line not in tonnes, t CO2e')),
                    ('data_tier', models.CharField(blank=True, choices=[('supplier', 'supplier'), ('regional', 'regional'), ('global', 'global'), ('spend', 'spend')], max_length=10)),
                    ('verified', models.CharField(blank=True, choices=[('full', 'full'), ('part', 'part'), ('no', 'no')], max_length=4)),
                    ('activity', models.CharField(blank=True, max_length=100, verbose_name='of what, if not of making metal')),
                    ('iron_content', models.DecimalField(blank=True, decimal_places=6, max_digits=7, null=True, validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(1)], verbose_name='iron content, from the supplier')),
                    ('regional_scrap_share', models.DecimalField(blank=True, decimal_places=6, max_digits=7, null=True, validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(1)], verbose_name="family's regional scrap share")),
                    ('global_scrap_share', models.DecimalField(blank=True, decimal_places=6, max_digits=7, null=True, validators=[django.core.validators.MinValueValidator(0), django.core.validators.MaxValueValidator(1)], verbose_name="family's global scrap share")),
                    ('iron_content_source', models.CharField(blank=True, max_length=300)),
                    ('iron_factor_intensity', models.DecimalField(blank=True, decimal_places=6, max_digits=12, null=True, validators=[django.core.validators.MinValueValidator(0)], verbose_name='factor of the iron, t CO2e/t')),
                    ('spend', models.DecimalField(blank=True, decimal_places=4, max_digits=20, null=True, validators=[django.core.validators.MinValueValidator(0)], verbose_name='spend, in currency')),
                    ('currency', models.CharField(blank=True, max_length=3, verbose_name='currency (ISO 4217)')),
                    ('spend_factor', models.DecimalField(blank=True, decimal_places=9, max_digits=18, null=True, validators=[django.core.validators.MinValueValidator(0)], verbose_name='t CO2e per unit of currency')),
                    ('estimation', models.CharField(blank=True, choices=[('intervention_baseline', 'intervention baseline'), ('unit_cost', 'unit cost')], max_length=25)),
                    ('baseline_intensity', models.DecimalField(blank=True, decimal_places=6, max_digits=12, null=True, validators=[django.core.validators.MinValueValidator(0)], verbose_name='product intervention baseline, t CO2e/t')),
                    ('baseline_source', models.CharField(blank=True, max_length=300)),
                    ('price_index_spend', models.DecimalField(blank=True, decimal_places=6, max_digits=14, null=True, validators=[django.core.validators.MinValueValidator(0)], verbose_name='producer price index, year of the spend')),
                    ('price_index_reference', models.DecimalField(blank=True, decimal_places=6, max_digits=14, null=True, validators=[django.core.validators.MinValueValidator(0)], verbose_name='producer price index, year of the price')),
                    ('unit_price', models.DecimalField(blank=True, decimal_places=4, max_digits=18, null=True, validators=[django.core.validators.MinValueValidator(0)], verbose_name='price, in currency per t')),
                    ('price_source', models.CharField(blank=True, max_length=300)),
                    ('id', models.UUIDField(default=accounts.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                ],
                options={
                    'abstract': False,
                },
            ),
            migrations.CreateModel(
                name='Job',
                fields=[
                    ('id', models.UUIDField(default=accounts.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                    ('kind', models.CharField(choices=[('plan', 'Plan'), ('claim', 'Claim'), ('submit', 'Submit'), ('publish', 'Publish')], max_length=10)),
                    ('state', models.CharField(choices=[('waiting', 'waiting'), ('running', 'running'), ('done', 'done'), ('refused', 'refused'), ('failed', 'failed'), ('expired', 'expired')], default='waiting', max_length=10)),
                    ('asked', models.JSONField()),
                    ('asked_sha256', models.CharField(max_length=64)),
                    ('asked_at', models.DateTimeField()),
                    ('touched_at', models.DateTimeField()),
                    ('ended_at', models.DateTimeField(blank=True, null=True)),
                    ('expires_at', models.DateTimeField()),
                    ('attempt', models.PositiveIntegerField(default=0)),
                    ('stage', models.CharField(blank=True, max_length=60)),
                    ('done', models.PositiveIntegerField(default=0)),
                    ('of', models.PositiveIntegerField(blank=True, null=True)),
                    ('result', models.JSONField(blank=True, null=True)),
                    ('refusal', models.JSONField(blank=True, null=True)),
                ],
            ),
            migrations.CreateModel(
                name='LineImport',
                fields=[
                    ('id', models.UUIDField(default=accounts.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                    ('name', models.CharField(max_length=200, verbose_name='name of the file')),
                    ('mode', models.CharField(choices=[('append', 'Append'), ('replace', 'Replace')], max_length=10)),
                    ('content', models.BinaryField(null=True)),
                    ('size', models.PositiveIntegerField()),
                    ('sha256', models.CharField(max_length=64)),
                    ('state', models.CharField(choices=[('waiting', 'Waiting'), ('reading', 'Reading'), ('ready', 'Ready'), ('faulty', 'Faulty'), ('done', 'Done'), ('discarded', 'Discarded')], default='waiting', max_length=10)),
                    ('attempt', models.PositiveIntegerField(default=0)),
                    ('read_as', models.CharField(blank=True, max_length=100)),
                    ('rows', models.PositiveIntegerField(default=0)),
                    ('expected_rows', models.PositiveIntegerField(null=True)),
                    ('line_count', models.PositiveIntegerField(default=0)),
                    ('fault_count', models.PositiveIntegerField(default=0)),
                    ('faults', models.JSONField(default=list)),
                    ('created_at', models.DateTimeField()),
                    ('touched_at', models.DateTimeField()),
                    ('confirmed_at', models.DateTimeField(null=True)),
                ],
            ),
            migrations.CreateModel(
                name='PendingClaim',
                fields=[
                    ('id', models.UUIDField(default=accounts.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                    ('code', models.CharField(max_length=12, unique=True)),
                    ('state', models.CharField(choices=[('waiting', 'pending'), ('made', 'made'), ('fallen', 'fell away'), ('refused', 'refused')], max_length=10)),
                    ('terms', models.JSONField()),
                    ('volume', models.BigIntegerField(validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(1000000000000)], verbose_name='units to be claimed, t')),
                    ('result', models.JSONField()),
                    ('findings', models.JSONField()),
                    ('asked_at', models.DateTimeField()),
                    ('ended_at', models.DateTimeField(null=True)),
                    ('refusal', models.JSONField(default=list)),
                    ('is_demonstration', models.BooleanField(default=False)),
                ],
            ),
            migrations.CreateModel(
                name='PendingLine',
                fields=[
                    ('id', models.UUIDField(default=accounts.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                    ('is_waiting', models.BooleanField(default=True)),
                ],
            ),
            migrations.CreateModel(
                name='PlannedGroup',
                fields=[
                    ('id', models.UUIDField(default=accounts.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                    ('label', models.CharField(max_length=400)),
                    ('lines', django.contrib.postgres.fields.ArrayField(base_field=models.UUIDField(), size=None)),
                ],
            ),
            migrations.CreateModel(
                name='PlannedUnits',
                fields=[
                    ('id', models.UUIDField(default=accounts.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                    ('place', models.PositiveIntegerField()),
                    ('copy', models.PositiveSmallIntegerField()),
                    ('first', models.PositiveBigIntegerField()),
                    ('last', models.PositiveBigIntegerField()),
                    ('reasons', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=200), size=None)),
                ],
            ),
            migrations.CreateModel(
                name='ProgrammeAcceptance',
                fields=[
                    ('id', models.UUIDField(default=accounts.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                    ('programme', models.CharField(max_length=200)),
                    ('question', models.CharField(max_length=200)),
                    ('status', models.CharField(choices=[('accepted', 'accepted'), ('conditional', 'conditional'), ('restricted', 'restricted'), ('in development', 'in development'), ('not accepted', 'not accepted')], max_length=20)),
                    ('basis', models.TextField(verbose_name='on what ground')),
                    ('confidence', models.CharField(help_text="The programme's own words (primary), another's, or unverified.", max_length=200)),
                    ('source', models.CharField(max_length=500)),
                    ('checked_on', models.DateField(verbose_name='checked on')),
                    ('place', models.PositiveSmallIntegerField(default=100, verbose_name='place in the list')),
                    ('updated_at', models.DateTimeField(editable=False, null=True)),
                ],
            ),
            migrations.CreateModel(
                name='ProgrammeAcceptanceEvent',
                fields=[
                    ('pgh_id', models.AutoField(primary_key=True, serialize=False)),
                    ('pgh_created_at', models.DateTimeField(auto_now_add=True)),
                    ('pgh_label', models.TextField(help_text='The event label.')),
                    ('id', models.UUIDField(default=accounts.ids.uuid7, editable=False, serialize=False)),
                    ('programme', models.CharField(max_length=200)),
                    ('question', models.CharField(max_length=200)),
                    ('status', models.CharField(choices=[('accepted', 'accepted'), ('conditional', 'conditional'), ('restricted', 'restricted'), ('in development', 'in development'), ('not accepted', 'not accepted')], max_length=20)),
                    ('basis', models.TextField(verbose_name='on what ground')),
                    ('confidence', models.CharField(help_text="The programme's own words (primary), another's, or unverified.", max_length=200)),
                    ('source', models.CharField(max_length=500)),
                    ('checked_on', models.DateField(verbose_name='checked on')),
                    ('place', models.PositiveSmallIntegerField(default=100, verbose_name='place in the list')),
                    ('updated_at', models.DateTimeField(editable=False, null=True)),
                ],
                options={
                    'abstract': False,
                },
            ),
            migrations.CreateModel(
                name='Statement',
                fields=[
                    ('id', models.UUIDField(default=accounts.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                    ('code', models.CharField(max_length=12, unique=True)),
                    ('state', models.CharField(choices=[('draft', 'draft'), ('submitted', 'submitted'), ('assured', 'assured'), ('published', 'published'), ('superseded', 'superseded'), ('discarded', 'discarded')], default='draft', max_length=10)),
                    ('edition', models.CharField(blank=True, max_length=40)),
                    ('claim_type', models.CharField(choices=[('corporate_inventory', 'Corporate inventory of emissions'), ('climate_progress', "Corporate climate progress, under the programme's own rules")], default='corporate_inventory', max_length=40)),
                    ('text', models.TextField(blank=True, verbose_name='public text')),
                    ('audience', models.CharField(choices=[('corporate_report', 'Corporate reporting: annual and sustainability reports, investors'), ('business_customers', 'Business customers: tenders, web pages, sales material'), ('consumer_advertising', 'Consumers: advertising, packaging, shops')], default='corporate_report', max_length=30)),
                    ('jurisdictions', django.contrib.postgres.fields.ArrayField(base_field=models.CharField(max_length=10), blank=True, default=list, size=None)),
                    ('sourcing', models.JSONField(blank=True, null=True)),
                    ('document', models.JSONField(blank=True, null=True)),
                    ('summary', models.JSONField(blank=True, null=True)),
                    ('sha256', models.CharField(blank=True, max_length=64)),
                    ('basis', models.CharField(blank=True, max_length=64)),
                    ('findings', models.JSONField(default=list)),
                    ('submitted_at', models.DateTimeField(blank=True, null=True)),
                    ('published_on', models.DateField(blank=True, null=True)),
                    ('published_at', models.DateTimeField(blank=True, null=True)),
                    ('is_demonstration', models.BooleanField(default=False)),
                ],
                options={
                    'permissions': [('assure_statement', 'may assure this statement')],
                },
            ),
            migrations.CreateModel(
                name='StatementFile',
                fields=[
                    ('id', models.UUIDField(default=accounts.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                    ('file', models.FileField(upload_to='statements/%Y/%m/')),
                    ('name', models.CharField(max_length=200)),
                    ('media_type', models.CharField(max_length=100)),
                    ('size', models.PositiveBigIntegerField()),
                    ('sha256', models.CharField(max_length=64)),
                    ('uploaded_at', models.DateTimeField()),
                ],
            ),
            migrations.CreateModel(
                name='StatementGroupObjectPermission',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ],
                options={
                    'abstract': False,
                },
            ),
            migrations.CreateModel(
                name='StatementStep',
                fields=[
                    ('id', models.UUIDField(default=accounts.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                    ('from_state', models.CharField(blank=True, max_length=10)),
                    ('to_state', models.CharField(max_length=10)),
                    ('at', models.DateTimeField()),
                    ('note', models.TextField(blank=True)),
                ],
            ),
            migrations.CreateModel(
                name='StatementUserObjectPermission',
                fields=[
                    ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ],
                options={
                    'abstract': False,
                },
            ),
            migrations.CreateModel(
                name='Assurance',
                fields=[
                    ('id', models.UUIDField(default=accounts.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                    ('state', models.CharField(choices=[('open', 'open'), ('given', 'opinion given'), ('closed', 'closed, no opinion')], default='open', max_length=10)),
                    ('opened_at', models.DateTimeField()),
                    ('opinion', models.CharField(blank=True, choices=[('reasonable', 'Reasonable assurance'), ('limited', 'Limited assurance'), ('adverse', 'Adverse opinion')], max_length=10)),
                    ('text', models.TextField(blank=True)),
                    ('sha256', models.CharField(max_length=64)),
                    ('ended_at', models.DateTimeField(blank=True, null=True)),
                    ('auditor', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='assurances', to='accounts.organisation')),
                    ('ended_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ('opened_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL)),
                ],
            ),
            migrations.CreateModel(
                name='ClaimPath',
                fields=[
                    ('claim', models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, primary_key=True, related_name='path', serialize=False, to='claims.claim')),
                    ('answers', models.JSONField()),
                    ('method', models.CharField(max_length=10, verbose_name='method proposed')),
                    ('cap', models.CharField(blank=True, max_length=10, verbose_name='cap proposed')),
                    ('reasons', models.JSONField()),
                ],
            ),
            migrations.CreateModel(
                name='ClaimedRange',
                fields=[
                    ('id', models.UUIDField(default=accounts.ids.uuid7, editable=False, primary_key=True, serialize=False)),
                    ('copy', models.PositiveSmallIntegerField(default=1)),
                    ('layer', models.PositiveSmallIntegerField(null=True)),
                    ('serials', django.contrib.postgres.fields.ranges.BigIntegerRangeField()),
                    ('claim', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='ranges', to='claims.claim')),
                ],
            ),
            migrations.AddField(
                model_name='claimedrange',
                name='issuance',
                field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='claimed_ranges', to='registry.issuance'),
            ),
            migrations.AddField(
                model_name='claimshare',
                name='claim',
                field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='shares', to='claims.claim'),
            ),
            migrations.AddField(
                model_name='decisionpath',
                name='walked_by',
                field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
            ),
            migrations.AddField(
                model_name='inventory',
                name='created_by',
                field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
            ),
            migrations.AddField(
                model_name='inventory',
                name='organisation',
                field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='inventories', to='accounts.organisation'),
            ),
            migrations.AddField(
                model_name='decisionpath',
                name='inventory',
                field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='paths', to='claims.inventory'),
            ),
            migrations.AddField(
                model_name='claim',
                name='inventory',
                field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='claims', to='claims.inventory'),
            ),
            migrations.AddField(
                model_name='inventoryline',
                name='inventory',
                field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='claims.inventory'),
            ),
            migrations.AddField(
                model_name='claimshare',
                name='line',
                field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='shares', to='claims.inventoryline'),
            ),
            migrations.AddField(
                model_name='job',
                name='asked_by',
                field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
            ),
            migrations.AddField(
                model_name='job',
                name='inventory',
                field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='jobs', to='claims.inventory'),
            ),
            migrations.AddField(
                model_name='lineimport',
                name='created_by',
                field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
            ),
            migrations.AddField(
                model_name='lineimport',
                name='inventory',
                field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='imports', to='claims.inventory'),
            ),
            migrations.AddField(
                model_name='importedline',
                name='line_import',
                field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='lines', to='claims.lineimport'),
            ),
            migrations.AddField(
                model_name='pendingclaim',
                name='asked_by',
                field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
            ),
            migrations.AddField(
                model_name='pendingclaim',
                name='claim',
                field=models.OneToOneField(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='waited_as', to='claims.claim'),
            ),
            migrations.AddField(
                model_name='pendingclaim',
                name='inventory',
                field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='pending_claims', to='claims.inventory'),
            ),
            migrations.AddField(
                model_name='pendingclaim',
                name='order',
                field=models.OneToOneField(on_delete=django.db.models.deletion.PROTECT, related_name='pending_claim', to='registry.retirementorder'),
            ),
            migrations.AddField(
                model_name='pendingclaim',
                name='organisation',
                field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='accounts.organisation'),
            ),
            migrations.AddField(
                model_name='pendingline',
                name='line',
                field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='pending', to='claims.inventoryline'),
            ),
            migrations.AddField(
                model_name='pendingline',
                name='pending',
                field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='lines', to='claims.pendingclaim'),
            ),
            migrations.AddField(
                model_name='plannedgroup',
                name='job',
                field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='groups', to='claims.job'),
            ),
            migrations.AddField(
                model_name='plannedunits',
                name='group',
                field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='units', to='claims.plannedgroup'),
            ),
            migrations.AddField(
                model_name='plannedunits',
                name='issuance',
                field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='registry.issuance'),
            ),
            migrations.AddField(
                model_name='plannedunits',
                name='job',
                field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='units', to='claims.job'),
            ),
            migrations.AddField(
                model_name='programmeacceptance',
                name='updated_by',
                field=models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
            ),
            migrations.AddField(
                model_name='programmeacceptanceevent',
                name='pgh_context',
                field=models.ForeignKey(db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='pghistory.context'),
            ),
            migrations.AddField(
                model_name='programmeacceptanceevent',
                name='pgh_obj',
                field=models.ForeignKey(db_constraint=False, on_delete=django.db.models.deletion.DO_NOTHING, related_name='events', to='claims.programmeacceptance'),
            ),
            migrations.AddField(
                model_name='programmeacceptanceevent',
                name='updated_by',
                field=models.ForeignKey(db_constraint=False, editable=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', related_query_name='+', to=settings.AUTH_USER_MODEL),
            ),
            migrations.AddField(
                model_name='statement',
                name='inventory',
                field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='statements', to='claims.inventory'),
            ),
            migrations.AddField(
                model_name='statement',
                name='organisation',
                field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='statements', to='accounts.organisation'),
            ),
            migrations.AddField(
                model_name='statement',
                name='published_by',
                field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
            ),
            migrations.AddField(
                model_name='statement',
                name='supersedes',
                field=models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='superseded_by', to='claims.statement'),
            ),
            migrations.AddField(
                model_name='job',
                name='statement',
                field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='jobs', to='claims.statement'),
            ),
            migrations.AddField(
                model_name='assurance',
                name='statement',
                field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='assurances', to='claims.statement'),
            ),
            migrations.AddField(
                model_name='statementfile',
                name='statement',
                field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='files', to='claims.statement'),
            ),
            migrations.AddField(
                model_name='statementfile',
                name='uploaded_by',
                field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
            ),
            migrations.AddField(
                model_name='statementgroupobjectpermission',
                name='content_object',
                field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='claims.statement'),
            ),
            migrations.AddField(
                model_name='statementgroupobjectpermission',
                name='group',
                field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='auth.group'),
            ),
            migrations.AddField(
                model_name='statementgroupobjectpermission',
                name='permission',
                field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='auth.permission'),
            ),
            migrations.AddField(
                model_name='statementstep',
                name='by',
                field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL),
            ),
            migrations.AddField(
                model_name='statementstep',
                name='statement',
                field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='steps', to='claims.statement'),
            ),
            migrations.AddField(
                model_name='statementuserobjectpermission',
                name='content_object',
                field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='claims.statement'),
            ),
            migrations.AddField(
                model_name='statementuserobjectpermission',
                name='permission',
                field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to='auth.permission'),
            ),
            migrations.AddField(
                model_name='statementuserobjectpermission',
                name='user',
                field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='claimpath',
                trigger=pgtrigger.compiler.Trigger(name='the_path_of_a_claim_never_changes', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='a353ec8725703876b9301c418afe6d24e4a98265', operation='UPDATE OR DELETE', pgid='pgtrigger_the_path_of_a_claim_never_changes_14e0a', table='claims_claimpath', when='BEFORE')),
            ),
            migrations.AddConstraint(
                model_name='claimedrange',
                constraint=django.contrib.postgres.constraints.ExclusionConstraint(expressions=[('issuance', '='), ('copy', '='), ('serials', '&&')], name='no_unit_is_claimed_twice'),
            ),
            migrations.AddConstraint(
                model_name='claimedrange',
                constraint=django.contrib.postgres.constraints.ExclusionConstraint(condition=models.Q(('layer__isnull', False)), expressions=[('issuance', '='), ('layer', '='), ('serials', '&&')], name='no_tonne_has_two_claims_at_one_layer'),
            ),
            migrations.AddConstraint(
                model_name='claimedrange',
                constraint=models.CheckConstraint(condition=models.Q(('serials__isempty', False), ('serials__lower_inf', False), ('serials__startswith__gte', 1), ('serials__upper_inf', False)), name='a_claimed_range_is_a_real_range_from_one_up'),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='claimedrange',
                trigger=pgtrigger.compiler.Trigger(name='claimed_units_stay_claimed', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='18708bdb23e5b6c1cf166b60dbf8e2c14bd25c80', operation='UPDATE OR DELETE', pgid='pgtrigger_claimed_units_stay_claimed_961b8', table='claims_claimedrange', when='BEFORE')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='claimedrange',
                trigger=pgtrigger.compiler.Trigger(name='only_units_the_claimant_retired_are_claimed', sql=pgtrigger.compiler.UpsertTriggerSql(declare='DECLARE retired int8multirange;', func="\n                    SELECT range_agg(h.serials) INTO retired\n                      FROM registry_holding h\n                      JOIN accounts_account a ON a.id = h.account_id\n                      JOIN claims_claim c ON c.id = NEW.claim_id\n                     WHERE h.issuance_id = NEW.issuance_id AND h.copy = NEW.copy\n                       AND h.state = 'retired' AND h.serials && NEW.serials\n                       AND a.organisation_id = c.organisation_id;\n                    IF retired IS NULL OR NOT retired @> NEW.serials THEN\n                        RAISE EXCEPTION 'units are claimed that the claimant has not retired'\n                            USING ERRCODE = '23514';\n                    END IF;\n                    RETURN NEW;\n                ", hash='6c7ca5d507d9eaf31cca28e33f14141f2575c080', operation='INSERT', pgid='pgtrigger_only_units_the_claimant_retired_are_claimed_308ea', table='claims_claimedrange', when='BEFORE')),
            ),
            migrations.AddConstraint(
                model_name='inventory',
                constraint=models.CheckConstraint(condition=models.Q(('period_end__gte', models.F('period_start'))), name='a_reporting_period_does_not_end_before_it_starts'),
            ),
            migrations.AddConstraint(
                model_name='inventory',
                constraint=models.UniqueConstraint(fields=('organisation', 'name'), name='an_organisation_names_an_inventory_once'),
            ),
            migrations.AddConstraint(
                model_name='decisionpath',
                constraint=models.UniqueConstraint(fields=('inventory', 'walked_by'), name='a_person_walks_one_path_for_an_inventory'),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='claim',
                trigger=pgtrigger.compiler.Trigger(name='a_claim_never_changes', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='c58cb8a714c5bbbf3f0ecf4a84f594e351f7e851', operation='UPDATE OR DELETE', pgid='pgtrigger_a_claim_never_changes_b92ad', table='claims_claim', when='BEFORE')),
            ),
            migrations.AddConstraint(
                model_name='inventoryline',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('tonnes__isnull', True), ('tonnes__gte', 0), _connector='OR'), models.Q(('stated_emissions__isnull', True), ('stated_emissions__gte', 0), _connector='OR'), models.Q(('spend__isnull', True), ('spend__gte', 0), _connector='OR')), name='inventoryline_is_not_negative'),
            ),
            migrations.AddConstraint(
                model_name='inventoryline',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('factor_intensity__isnull', False), ('spend__isnull', True), ('stated_emissions__isnull', True), ('tonnes__isnull', False)), models.Q(('factor_intensity__isnull', True), ('stated_emissions__isnull', False), ('tonnes__isnull', True)), _connector='OR'), name='inventoryline_has_emissions_in_one_way'),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='claimshare',
                trigger=pgtrigger.compiler.Trigger(name='the_shares_of_a_claim_never_change', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='03abe9ca058e75305c024901b48ffebd757afd84', operation='UPDATE OR DELETE', pgid='pgtrigger_the_shares_of_a_claim_never_change_6b1aa', table='claims_claimshare', when='BEFORE')),
            ),
            migrations.AddIndex(
                model_name='lineimport',
                index=models.Index(condition=models.Q(('state__in', ['done', 'discarded']), _negated=True), fields=['touched_at'], name='imports_not_settled'),
            ),
            migrations.AddConstraint(
                model_name='importedline',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('tonnes__isnull', True), ('tonnes__gte', 0), _connector='OR'), models.Q(('stated_emissions__isnull', True), ('stated_emissions__gte', 0), _connector='OR'), models.Q(('spend__isnull', True), ('spend__gte', 0), _connector='OR')), name='importedline_is_not_negative'),
            ),
            migrations.AddConstraint(
                model_name='importedline',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('factor_intensity__isnull', False), ('spend__isnull', True), ('stated_emissions__isnull', True), ('tonnes__isnull', False)), models.Q(('factor_intensity__isnull', True), ('stated_emissions__isnull', False), ('tonnes__isnull', True)), _connector='OR'), name='importedline_has_emissions_in_one_way'),
            ),
            migrations.AddConstraint(
                model_name='pendingclaim',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('claim__isnull', False), ('state', claims.transitions.PendingState['MADE'])), models.Q(models.Q(('state', claims.transitions.PendingState['MADE']), _negated=True), ('claim__isnull', True)), _connector='OR'), name='a_pending_claim_that_was_made_names_its_claim'),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='pendingclaim',
                trigger=pgtrigger.compiler.Trigger(name='a_pending_claim_that_ended_never_changes', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."state" IN (\'made\', \'fallen\', \'refused\'))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='a4aff00e2df7f2e493237c2212f2c17c967df64b', operation='UPDATE', pgid='pgtrigger_a_pending_claim_that_ended_never_changes_9675f', table='claims_pendingclaim', when='BEFORE')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='pendingclaim',
                trigger=pgtrigger.compiler.Trigger(name='a_pending_claim_is_never_deleted', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='e457346def2d9ef9b5987af488f23f6f03a7eedb', operation='DELETE', pgid='pgtrigger_a_pending_claim_is_never_deleted_82bf7', table='claims_pendingclaim', when='BEFORE')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='pendingclaim',
                trigger=pgtrigger.compiler.Trigger(name='what_a_pending_claim_says_stays', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."id" IS DISTINCT FROM (NEW."id") OR OLD."code" IS DISTINCT FROM (NEW."code") OR OLD."order_id" IS DISTINCT FROM (NEW."order_id") OR OLD."inventory_id" IS DISTINCT FROM (NEW."inventory_id") OR OLD."organisation_id" IS DISTINCT FROM (NEW."organisation_id") OR OLD."terms" IS DISTINCT FROM (NEW."terms") OR OLD."volume" IS DISTINCT FROM (NEW."volume") OR OLD."result" IS DISTINCT FROM (NEW."result") OR OLD."findings" IS DISTINCT FROM (NEW."findings") OR OLD."asked_at" IS DISTINCT FROM (NEW."asked_at") OR OLD."asked_by_id" IS DISTINCT FROM (NEW."asked_by_id") OR OLD."is_demonstration" IS DISTINCT FROM (NEW."is_demonstration"))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='5c67a45558d63787c1bf1818a282e73f45843743', operation='UPDATE', pgid='pgtrigger_what_a_pending_claim_says_stays_278b6', table='claims_pendingclaim', when='BEFORE')),
            ),
            migrations.AddConstraint(
                model_name='pendingline',
                constraint=models.UniqueConstraint(condition=models.Q(('is_waiting', True)), fields=('line',), name='a_line_waits_for_one_pending_claim'),
            ),
            migrations.AddConstraint(
                model_name='plannedunits',
                constraint=models.UniqueConstraint(fields=('job', 'place'), name='a_plan_counts_its_units_once'),
            ),
            migrations.AddConstraint(
                model_name='programmeacceptance',
                constraint=models.UniqueConstraint(fields=('programme', 'question'), name='a_programme_answers_a_question_once'),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='programmeacceptance',
                trigger=pgtrigger.compiler.Trigger(name='insert_insert', sql=pgtrigger.compiler.UpsertTriggerSql(func='INSERT INTO "claims_programmeacceptanceevent" ("basis", "checked_on", "confidence", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place", "programme", "question", "source", "status", "updated_at", "updated_by_id") VALUES (NEW."basis", NEW."checked_on", NEW."confidence", NEW."id", _pgh_attach_context(), NOW(), \'insert\', NEW."id", NEW."place", NEW."programme", NEW."question", NEW."source", NEW."status", NEW."updated_at", NEW."updated_by_id"); RETURN NULL;', hash='26281445d8b54ae2cbb01db749923161e9f2b90b', operation='INSERT', pgid='pgtrigger_insert_insert_0874c', table='claims_programmeacceptance', when='AFTER')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='programmeacceptance',
                trigger=pgtrigger.compiler.Trigger(name='update_update', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD.* IS DISTINCT FROM NEW.*)', func='INSERT INTO "claims_programmeacceptanceevent" ("basis", "checked_on", "confidence", "id", "pgh_context_id", "pgh_created_at", "pgh_label", "pgh_obj_id", "place", "programme", "question", "source", "status", "updated_at", "updated_by_id") VALUES (NEW."basis", NEW."checked_on", NEW."confidence", NEW."id", _pgh_attach_context(), NOW(), \'update\', NEW."id", NEW."place", NEW."programme", NEW."question", NEW."source", NEW."status", NEW."updated_at", NEW."updated_by_id"); RETURN NULL;', hash='cddd5c4a34b6dabf7d5ee94598ff675efb8e67e7', operation='UPDATE', pgid='pgtrigger_update_update_bd12b', table='claims_programmeacceptance', when='AFTER')),
            ),
            migrations.AddConstraint(
                model_name='statement',
                constraint=models.UniqueConstraint(condition=models.Q(('state__in', ['draft', 'submitted', 'assured'])), fields=('inventory',), name='an_inventory_has_one_statement_in_preparation'),
            ),
            migrations.AddConstraint(
                model_name='statement',
                constraint=models.CheckConstraint(condition=models.Q(('state__in', ['draft', 'discarded']), ('document__isnull', False), _connector='OR'), name='a_submitted_statement_has_its_document'),
            ),
            migrations.AddConstraint(
                model_name='statement',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['published', 'superseded']), _negated=True), models.Q(('published_at__isnull', False), ('published_by__isnull', False)), _connector='OR'), name='a_published_statement_names_who_and_when'),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='statement',
                trigger=pgtrigger.compiler.Trigger(name='a_statement_is_never_deleted', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='9ef1f6304917aa7a7adc566a33f069c4071be95c', operation='DELETE', pgid='pgtrigger_a_statement_is_never_deleted_9e0aa', table='claims_statement', when='BEFORE')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='statement',
                trigger=pgtrigger.compiler.Trigger(name='a_statement_never_changes', sql=pgtrigger.compiler.UpsertTriggerSql(func="\n                    IF OLD.state IN ('superseded', 'discarded')\n                       OR (OLD.state = 'published'\n                           AND to_jsonb(OLD) - 'state' <> to_jsonb(NEW) - 'state')\n                       OR (OLD.state = 'published' AND NEW.state <> 'superseded')\n                       OR (OLD.state IN ('submitted', 'assured') AND NEW.state <> 'draft'\n                           AND (OLD.text IS DISTINCT FROM NEW.text OR OLD.claim_type IS DISTINCT FROM NEW.claim_type OR OLD.audience IS DISTINCT FROM NEW.audience OR OLD.jurisdictions IS DISTINCT FROM NEW.jurisdictions OR OLD.sourcing IS DISTINCT FROM NEW.sourcing OR OLD.document IS DISTINCT FROM NEW.document OR OLD.findings IS DISTINCT FROM NEW.findings OR OLD.sha256 IS DISTINCT FROM NEW.sha256 OR OLD.basis IS DISTINCT FROM NEW.basis OR OLD.edition IS DISTINCT FROM NEW.edition OR OLD.submitted_at IS DISTINCT FROM NEW.submitted_at))\n                       OR OLD.inventory_id <> NEW.inventory_id OR OLD.code <> NEW.code THEN\n                        RAISE EXCEPTION 'a statement is never edited once it is submitted'\n                            USING ERRCODE = '23514';\n                    END IF;\n                    RETURN NEW;\n                ", hash='95efc64de049c4eb3c6531b970742caec2cd6a3f', operation='UPDATE', pgid='pgtrigger_a_statement_never_changes_bab38', table='claims_statement', when='BEFORE')),
            ),
            migrations.AddIndex(
                model_name='job',
                index=models.Index(condition=models.Q(('state', 'expired'), _negated=True), fields=['touched_at'], name='jobs_not_expired'),
            ),
            migrations.AddConstraint(
                model_name='job',
                constraint=models.UniqueConstraint(condition=models.Q(('state__in', ['waiting', 'running'])), fields=('inventory', 'kind', 'asked_by', 'asked_sha256'), name='one_wish_is_one_open_job'),
            ),
            migrations.AddConstraint(
                model_name='job',
                constraint=models.UniqueConstraint(condition=models.Q(('state__in', ['waiting', 'running'])), fields=('statement',), name='a_statement_is_made_by_one_job_at_a_time'),
            ),
            migrations.AddConstraint(
                model_name='assurance',
                constraint=models.UniqueConstraint(condition=models.Q(('state', 'open')), fields=('statement',), name='a_statement_has_one_open_engagement'),
            ),
            migrations.AddConstraint(
                model_name='assurance',
                constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'given'), _negated=True), models.Q(models.Q(('opinion', ''), _negated=True), ('ended_at__isnull', False), ('ended_by__isnull', False)), _connector='OR'), name='an_opinion_names_who_and_when'),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='assurance',
                trigger=pgtrigger.compiler.Trigger(name='an_engagement_is_never_deleted', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot delete rows from % table', TG_TABLE_NAME;", hash='c7b47309f0993d1165328d7a0489f006ac979a3f', operation='DELETE', pgid='pgtrigger_an_engagement_is_never_deleted_c1b4c', table='claims_assurance', when='BEFORE')),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='assurance',
                trigger=pgtrigger.compiler.Trigger(name='an_opinion_never_changes', sql=pgtrigger.compiler.UpsertTriggerSql(condition='WHEN (OLD."state" IN (\'given\', \'closed\'))', func="RAISE EXCEPTION 'pgtrigger: Cannot update rows from % table', TG_TABLE_NAME;", hash='094baa5650269e8e2b68794c6226d99aca659b4f', operation='UPDATE', pgid='pgtrigger_an_opinion_never_changes_76801', table='claims_assurance', when='BEFORE')),
            ),
            migrations.AddConstraint(
                model_name='statementfile',
                constraint=models.UniqueConstraint(fields=('statement', 'sha256'), name='a_file_supports_a_statement_once'),
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='statementfile',
                trigger=pgtrigger.compiler.Trigger(name='a_file_of_a_statement_never_changes', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='2a13c3220967971868003cbcb2c9daeaf49c5730', operation='UPDATE OR DELETE', pgid='pgtrigger_a_file_of_a_statement_never_changes_0c65b', table='claims_statementfile', when='BEFORE')),
            ),
            migrations.AlterUniqueTogether(
                name='statementgroupobjectpermission',
                unique_together={('group', 'permission', 'content_object')},
            ),
            pgtrigger.migrations.AddTrigger(
                model_name='statementstep',
                trigger=pgtrigger.compiler.Trigger(name='a_statements_steps_never_change', sql=pgtrigger.compiler.UpsertTriggerSql(func="RAISE EXCEPTION 'pgtrigger: Cannot update or delete rows from % table', TG_TABLE_NAME;", hash='e2aaf7c486918447879208cf3dad2bab188ec3ad', operation='UPDATE OR DELETE', pgid='pgtrigger_a_statements_steps_never_change_34395', table='claims_statementstep', when='BEFORE')),
            ),
            migrations.AlterUniqueTogether(
                name='statementuserobjectpermission',
                unique_together={('user', 'permission', 'content_object')},
            ),
        ]),
        migrations.RunSQL(GRANTS),
        migrations.RunPython(load_acceptance),
    ]
