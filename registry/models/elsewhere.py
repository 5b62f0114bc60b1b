"""What other registries issued for our sites (6.2): names to match by, and their units."""

import pghistory
from django.core.validators import MinValueValidator
from django.db import models

from accounts.models import User
from registry.models.fields import id_field
from registry.models.site import Site


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class SiteAlias(models.Model):
    """Another register's identifier of a site, such as a Global Energy Monitor id, in capitals."""

    id = id_field()
    site = models.ForeignKey(Site, on_delete=models.PROTECT, related_name="aliases")
    identifier = models.CharField(max_length=60, unique=True)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name_plural = "site aliases"

    def __str__(self) -> str:
        return self.identifier


@pghistory.track(pghistory.InsertEvent(), pghistory.UpdateEvent(), pghistory.DeleteEvent())
class ElsewhereIssuance(models.Model):
    """Units on another registry, from its list or its producer's own declaration.

    identifier: how the list names the site, in capitals; a site's code and aliases are compared
    with it whenever a case is judged, so that an alias recorded later counts too. site: of a
    producer's own declaration.
    """

    class Source(models.TextChoices):
        LIST = "list", "the other registry's list"
        PRODUCER = "producer", "declared by the producer"

    id = id_field()
    registry = models.CharField("the other registry", max_length=100)
    reference = models.CharField("its issuance", max_length=100)
    site = models.ForeignKey(
        Site, on_delete=models.PROTECT, null=True, blank=True, related_name="issued_elsewhere"
    )
    identifier = models.CharField("its name of the site", max_length=60, blank=True, db_index=True)
    functional_unit = models.CharField(max_length=12)
    period_start = models.DateField("first day of production")
    period_end = models.DateField("last day of production")
    units = models.BigIntegerField("units issued there", validators=[MinValueValidator(1)])
    source = models.CharField(max_length=10, choices=Source.choices)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(User, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["registry", "reference"], name="an_issuance_elsewhere_is_recorded_once"
            ),
            models.CheckConstraint(
                name="a_period_elsewhere_does_not_end_before_it_starts",
                condition=models.Q(period_end__gte=models.F("period_start")),
            ),
            models.CheckConstraint(
                name="units_elsewhere_name_their_site",
                condition=models.Q(site__isnull=False) | ~models.Q(identifier=""),
            ),
            models.CheckConstraint(
                name="units_elsewhere_are_at_least_one", condition=models.Q(units__gte=1)
            ),
        ]

    def __str__(self) -> str:
        return f"{self.registry}: {self.reference}"
