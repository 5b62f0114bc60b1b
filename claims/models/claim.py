"""Claims: retired units applied to lines of an inventory, once and for all (9.2)."""

import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import BigIntegerRangeField, RangeOperators
from django.db import models
from django.db.models import Q

from accounts.models import Organisation, User
from claims.models.inventory import Inventory, InventoryLine
from registry.models import Issuance
from registry.models.fields import id_field, tonnes_field


class Claim(models.Model):
    """One application of retired units to one inventory under one accounting method.

    inputs: the matches as they were judged, without their lines' figures, which stand still from
    then on. result: the figures as decimal strings, the real-valued cap beside the whole one.
    """

    id = id_field()
    code = models.CharField(max_length=12, unique=True)
    inventory = models.ForeignKey(Inventory, on_delete=models.PROTECT, related_name="claims")
    organisation = models.ForeignKey(Organisation, on_delete=models.PROTECT, related_name="claims")
    method = models.CharField(max_length=10)
    cap = models.CharField(max_length=10, blank=True)
    volume = tonnes_field("units claimed, t")
    edition = models.CharField(max_length=40)
    inputs = models.JSONField()
    result = models.JSONField()
    findings = models.JSONField()
    claimed_on = models.DateField()
    claimed_at = models.DateTimeField()
    claimed_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")
    is_demonstration = models.BooleanField(default=False)

    class Meta:
        triggers = [
            pgtrigger.Protect(
                name="a_claim_never_changes",
                operation=pgtrigger.Update | pgtrigger.Delete,
            )
        ]

    def __str__(self) -> str:
        return f"{self.code}: {self.volume} t"


# What a claim applied to a line, without saying to which.
SHARE_FIELDS = (
    "method",
    "functional_unit",
    "volume",
    "counted_emissions",
    "unit_emissions",
    "reduction_emissions",
    "above_factor",
)


class ClaimShare(models.Model):
    """What one claim applied to one line: the next claim on that line counts it (R123, R125)."""

    id = id_field()
    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="shares")
    line = models.ForeignKey(InventoryLine, on_delete=models.PROTECT, related_name="shares")
    method = models.CharField(max_length=10)
    functional_unit = models.CharField(max_length=12)
    volume = models.DecimalField(max_digits=40, decimal_places=20)
    counted_emissions = models.DecimalField(max_digits=50, decimal_places=26)
    unit_emissions = models.DecimalField(max_digits=50, decimal_places=26)
    reduction_emissions = models.DecimalField(max_digits=50, decimal_places=26)
    above_factor = models.BooleanField()

    class Meta:
        triggers = [
            pgtrigger.Protect(
                name="the_shares_of_a_claim_never_change",
                operation=pgtrigger.Update | pgtrigger.Delete,
            )
        ]

    def __str__(self) -> str:
        return f"{self.volume} t on {self.line_id}"


class ClaimedRange(models.Model):
    """Serials that a claim uses. Postgres refuses a second claim and one of units not retired."""

    id = id_field()
    claim = models.ForeignKey(Claim, on_delete=models.PROTECT, related_name="ranges")
    issuance = models.ForeignKey(Issuance, on_delete=models.PROTECT, related_name="claimed_ranges")
    copy = models.PositiveSmallIntegerField(default=1)
    layer = models.PositiveSmallIntegerField(null=True)
    serials = BigIntegerRangeField()

    class Meta:
        constraints = [
            ExclusionConstraint(
                name="no_unit_is_claimed_twice",
                expressions=[
                    ("issuance", RangeOperators.EQUAL),
                    ("copy", RangeOperators.EQUAL),
                    ("serials", RangeOperators.OVERLAPS),
                ],
            ),
            ExclusionConstraint(
                name="no_tonne_has_two_claims_at_one_layer",
                expressions=[
                    ("issuance", RangeOperators.EQUAL),
                    ("layer", RangeOperators.EQUAL),
                    ("serials", RangeOperators.OVERLAPS),
                ],
                condition=Q(layer__isnull=False),
            ),
            models.CheckConstraint(
                name="a_claimed_range_is_a_real_range_from_one_up",
                condition=Q(
                    serials__isempty=False,
                    serials__lower_inf=False,
                    serials__upper_inf=False,
                    serials__startswith__gte=1,
                ),
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="claimed_units_stay_claimed",
                operation=pgtrigger.Update | pgtrigger.Delete,
            ),
            pgtrigger.Trigger(
                name="only_units_the_claimant_retired_are_claimed",
                when=pgtrigger.Before,
                operation=pgtrigger.Insert,
                declare=[("retired", "int8multirange")],
                # A retired row never changes, so what is true at this moment stays true.
                func="""
                    SELECT range_agg(h.serials) INTO retired
                      FROM registry_holding h
                      JOIN accounts_account a ON a.id = h.account_id
                      JOIN claims_claim c ON c.id = NEW.claim_id
                     WHERE h.issuance_id = NEW.issuance_id AND h.copy = NEW.copy
                       AND h.state = 'retired' AND h.serials && NEW.serials
                       AND a.organisation_id = c.organisation_id;
                    IF retired IS NULL OR NOT retired @> NEW.serials THEN
                        RAISE EXCEPTION 'units are claimed that the claimant has not retired'
                            USING ERRCODE = '23514';
                    END IF;
                    RETURN NEW;
                """,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.issuance_id} {self.serials}"
