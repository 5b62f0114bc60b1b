"""The ledger's two tables. Only `registry/ledger.py` writes them; Postgres refuses the rest.

Every key and constraint leads with the issuance, so that both tables can be distributed by it;
a migration makes the primary keys (issuance, id), which Django's own form cannot yet register
in the admin.
"""

import pgtrigger
from django.contrib.postgres.constraints import ExclusionConstraint
from django.contrib.postgres.fields import BigIntegerRangeField, RangeOperators
from django.db import models
from django.db.models import Q

from accounts.models import Account, User
from registry.models.fields import id_field
from registry.models.issuance import Issuance


class HoldingState(models.TextChoices):
    ACTIVE = "active", "active"
    RESERVED = "reserved", "reserved for a transfer"
    RETIRING = "retiring", "retiring"
    SUSPENDED = "suspended", "suspended"
    RETIRED = "retired", "retired"
    CANCELLED = "cancelled", "cancelled"
    EXPIRED = "expired", "expired"


FINAL = (HoldingState.RETIRED, HoldingState.CANCELLED)


def never_truncated(name: str) -> pgtrigger.Trigger:
    """Refuse TRUNCATE, which passes by row triggers."""
    return pgtrigger.Trigger(
        name=name,
        level=pgtrigger.Statement,
        when=pgtrigger.Before,
        operation=pgtrigger.Truncate,
        func=f"RAISE EXCEPTION '{name.replace('_', ' ')}';",
    )


def _is_so(function: str, *fields: str) -> models.Func:
    """What a function of `sql/holding.sql` says of these columns."""
    return models.Func(*fields, function=function, output_field=models.BooleanField())


class Holding(models.Model):
    """A contiguous range of serials of one issuance and copy, in one account and one state.

    order: the transfer, retirement, suspension or cancellation that has the units; for a reserved
    seat the co-claim. account: None for a seat reserved in a co-claim and not named yet. layer:
    the value-chain layer of co-claimed units and of every copy of them. transfers: onward
    transfers so far by holders other than the issuer (R091). version: grows with every move of
    these serials, and orders their entries.
    """

    id = id_field()
    # Found through the keys and indexes below, all of which lead with what they are asked by.
    issuance = models.ForeignKey(
        Issuance, on_delete=models.PROTECT, related_name="holdings", db_index=False
    )
    copy = models.PositiveSmallIntegerField(default=1)
    serials = BigIntegerRangeField()
    account = models.ForeignKey(
        Account, on_delete=models.PROTECT, null=True, related_name="holdings", db_index=False
    )
    state = models.CharField(max_length=10, choices=HoldingState.choices)
    layer = models.PositiveSmallIntegerField(null=True)
    order = models.UUIDField(null=True)
    transfers = models.PositiveSmallIntegerField(default=0)
    version = models.BigIntegerField(default=1)

    class Meta:
        indexes = [
            models.Index(fields=["account", "state", "issuance"], name="holding_by_account"),
            models.Index(
                fields=["order"], condition=Q(order__isnull=False), name="holding_by_order"
            ),
        ]
        constraints = [
            ExclusionConstraint(
                name="no_unit_is_in_two_places",
                # A page of the index is compared key by key: serials tell more apart than copies.
                expressions=[
                    ("issuance", RangeOperators.EQUAL),
                    ("serials", RangeOperators.OVERLAPS),
                    ("copy", RangeOperators.EQUAL),
                ],
            ),
            ExclusionConstraint(
                name="no_tonne_is_claimed_twice_at_one_layer",
                expressions=[
                    ("issuance", RangeOperators.EQUAL),
                    ("layer", RangeOperators.EQUAL),
                    ("serials", RangeOperators.OVERLAPS),
                ],
                condition=Q(layer__isnull=False),
            ),
            # Postgres reads each check anew for every statement: so those that a function of
            # sql/holding.sql says shorter are asked of it, which a session plans once.
            models.CheckConstraint(
                name="a_holding_is_a_real_range_from_one_up",
                condition=_is_so("holding_is_a_range", "serials"),
            ),
            models.CheckConstraint(
                name="a_copy_is_one_two_or_three", condition=Q(copy__gte=1, copy__lte=3)
            ),
            models.CheckConstraint(
                name="a_holding_has_a_known_state",
                condition=_is_so("holding_has_a_state", "state"),
            ),
            models.CheckConstraint(
                name="only_a_reserved_seat_has_no_account",
                condition=_is_so("holding_has_an_account", "account", "copy", "state"),
            ),
            models.CheckConstraint(
                name="a_second_or_third_copy_has_a_layer",
                condition=Q(copy=1) | Q(layer__isnull=False),
            ),
            models.CheckConstraint(
                name="an_order_has_units_only_while_it_holds_them",
                condition=_is_so("holding_has_its_order", "state", "order"),
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="retired_and_cancelled_units_never_move",
                operation=pgtrigger.Update | pgtrigger.Delete,
                condition=pgtrigger.Q(old__state__in=[s.value for s in FINAL]),
            ),
            pgtrigger.Trigger(
                name="co_claimed_units_never_change_hands",
                when=pgtrigger.Before,
                operation=pgtrigger.UpdateOf("account_id"),
                condition=pgtrigger.Condition(
                    "OLD.layer IS NOT NULL AND OLD.account_id IS NOT NULL"
                    " AND OLD.account_id IS DISTINCT FROM NEW.account_id"
                ),
                # Between an organisation's own accounts is no transfer (R091).
                func="""
                    IF NOT EXISTS (
                        SELECT FROM accounts_account a
                          JOIN accounts_account b ON b.organisation_id = a.organisation_id
                         WHERE a.id = OLD.account_id AND b.id = NEW.account_id)
                    THEN
                        RAISE EXCEPTION 'co-claimed units never change hands'
                            USING ERRCODE = 'BL002';
                    END IF;
                    RETURN NEW;
                """,
            ),
            pgtrigger.Protect(
                name="a_layer_once_set_stays",
                operation=pgtrigger.UpdateOf("layer"),
                condition=pgtrigger.Condition(
                    "OLD.layer IS NOT NULL AND OLD.layer IS DISTINCT FROM NEW.layer"
                ),
            ),
            never_truncated("holdings_are_never_truncated"),
        ]

    def __str__(self) -> str:
        return f"{self.issuance_id} copy {self.copy} {self.serials} {self.state}"

    @property
    def first(self) -> int:
        return int(self.serials.lower)

    @property
    def last(self) -> int:
        return int(self.serials.upper) - 1

    @property
    def quantity(self) -> int:
        return self.last - self.first + 1


class Entry(models.Model):
    """One move of a range: from where and what, to where and what. Appended, never changed.

    Replaying the entries of an issuance in the order of version gives its holdings exactly. An
    issuance, and a copy of a co-claim, come from nowhere: from_state is empty. by: None for the
    registry's own sweeps. The keys of the holding that moved vouch for the issuance and the
    accounts: see `sql/ledger_rights.sql`.
    """

    class Kind(models.TextChoices):
        ISSUE = "issue", "issuance"
        PROPOSE = "propose", "transfer proposed"
        ACCEPT = "accept", "transfer accepted"
        DECLINE = "decline", "transfer declined"
        WITHDRAW = "withdraw", "transfer withdrawn"
        LAPSE = "lapse", "offer expired"
        RETIRE = "retire", "retirement"
        BEGIN_RETIREMENT = "begin_retirement", "retirement begun"
        FINISH_RETIREMENT = "finish_retirement", "retirement final"
        WITHDRAW_RETIREMENT = "withdraw_retirement", "retirement withdrawn"
        CANCEL = "cancel", "cancellation"
        SUSPEND = "suspend", "suspension"
        LIFT = "lift", "suspension lifted"
        CO_CLAIM = "co_claim", "co-claim"
        NAME_SEAT = "name_seat", "holder of a copy named"
        EXPIRE = "expire", "vintage expired"

    id = id_field()
    issuance = models.ForeignKey(
        Issuance,
        on_delete=models.PROTECT,
        related_name="entries",
        db_index=False,
        db_constraint=False,
    )
    copy = models.PositiveSmallIntegerField()
    serials = BigIntegerRangeField()
    version = models.BigIntegerField()
    kind = models.CharField(max_length=20, choices=Kind.choices)
    order = models.UUIDField(null=True)
    from_account = models.ForeignKey(
        Account,
        on_delete=models.PROTECT,
        null=True,
        related_name="entries_out",
        db_constraint=False,
    )
    from_state = models.CharField(max_length=10, blank=True)
    to_account = models.ForeignKey(
        Account,
        on_delete=models.PROTECT,
        null=True,
        related_name="entries_in",
        db_constraint=False,
    )
    to_state = models.CharField(max_length=10, choices=HoldingState.choices)
    layer = models.PositiveSmallIntegerField(null=True)
    transfers = models.PositiveSmallIntegerField(default=0)
    by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, related_name="+", db_index=False
    )
    at = models.DateTimeField()

    class Meta:
        verbose_name_plural = "entries"
        indexes = [
            models.Index(fields=["issuance", "copy", "version"], name="entry_in_replay_order"),
            models.Index(fields=["order"], condition=Q(order__isnull=False), name="entry_by_order"),
        ]
        constraints = [
            models.CheckConstraint(
                name="an_entry_is_a_real_range_from_one_up",
                condition=_is_so("holding_is_a_range", "serials"),
            ),
        ]
        triggers = [
            pgtrigger.Protect(
                name="entries_are_never_changed",
                operation=pgtrigger.Update | pgtrigger.Delete,
            ),
            never_truncated("entries_are_never_truncated"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.issuance_id} {self.serials}"
