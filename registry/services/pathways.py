"""A site's way to certification, recorded by its producer (Exhibit 9)."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from accounts.models import User
from accounts.permissions import require_initiator
from registry.models import Site, SiteCertificate, SitePathway
from registry.services.requests import once, retrying
from registry.services.shape import only, save_clean

PATHWAY_FIELDS = (
    "first_data_on",
    "self_assessed_on",
    "principle_10",
    "progress",
    "checkpoint_1_on",
    "checkpoint_2_on",
)
CERTIFICATE_FIELDS = ("kind", "reference", "body", "valid_from", "valid_until")


@retrying
def record_pathway(
    *, by: User, now: datetime, key: str, site: Site, values: Mapping[str, Any]
) -> SitePathway:
    """Record how a site stands, in place of what stood before. values: keys of PATHWAY_FIELDS.

    Raises NotVisible, Refused, BadInput.
    """
    require_initiator(by, site.organisation)
    chosen = only(PATHWAY_FIELDS, values)
    with once(
        by=by, key=key, kind="pathway", now=now, input={"site": site.pk, **chosen}
    ) as request:
        Site.objects.select_for_update(no_key=True).get(pk=site.pk)
        row = SitePathway.objects.filter(site=site).first()
        if request.is_repeat and row is not None:
            return row
        row = row or SitePathway(site=site)
        for name, value in chosen.items():
            setattr(row, name, value)
        save_clean(row, **_future(row, now.date()), **_order(row))
        return row


@retrying
def record_certificate(
    *, by: User, now: datetime, key: str, site: Site, values: Mapping[str, Any]
) -> SiteCertificate:
    """Record a certificate of a site. values: keys of CERTIFICATE_FIELDS.

    Raises NotVisible, Refused, BadInput.
    """
    require_initiator(by, site.organisation)
    chosen = only(CERTIFICATE_FIELDS, values)
    with once(
        by=by, key=key, kind="certificate", now=now, input={"site": site.pk, **chosen}
    ) as request:
        if request.is_repeat:
            return SiteCertificate.objects.get(pk=request.answer["certificate"])
        row = SiteCertificate(site=site, **chosen)
        faults: dict[str, list[str]] = {}
        start, end = row.valid_from, row.valid_until
        if isinstance(start, date) and isinstance(end, date) and end < start:
            faults["valid_until"] = [f"It is valid from {start}; end it then or after."]
        save_clean(row, **faults)
        request.answer = {"certificate": str(row.pk)}
        return row


def _future(row: SitePathway, today: date) -> dict[str, list[str]]:
    """Nothing that happened lies ahead."""
    names = ("first_data_on", "self_assessed_on", "checkpoint_1_on", "checkpoint_2_on")
    return {
        name: [f"Give a day up to today, {today}."]
        for name in names
        if isinstance(on := getattr(row, name), date) and on > today
    }


def _order(row: SitePathway) -> dict[str, list[str]]:
    first, second = row.checkpoint_1_on, row.checkpoint_2_on
    if isinstance(first, date) and isinstance(second, date) and second <= first:
        return {"checkpoint_2_on": [f"The first checkpoint was on {first}; this one comes after."]}
    return {}
