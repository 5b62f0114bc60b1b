"""What the demonstration stands at, read from the records."""

from typing import Any

from claims.demonstration.producing import at
from claims.models import Claim
from registry.models import Allocation, Issuance, Measurement, Production, Retirement
from registry.rulebook.edition import edition_on
from registry.rulebook.findings import failures
from registry.services.productions import findings_of
from registry.transitions import ProductionState

_DAY = at(4, 10).date()


def figures() -> dict[str, Any]:
    """What the demonstration stands at, read from the records."""
    issuances = Issuance.objects.filter(is_demonstration=True).order_by("site__code")
    retirements = Retirement.objects.filter(is_demonstration=True)
    claims = Claim.objects.filter(is_demonstration=True).order_by("claimed_at", "id")
    return {
        "issued": {each.site.code: each.quantity for each in issuances.select_related("site")},
        "sites": _sites(),
        "retired": sum(each.quantity for each in retirements),
        "claims": [_claim_figures(claim) for claim in claims.select_related("organisation")],
    }


def _claim_figures(claim: Claim) -> dict[str, Any]:
    group = claim.result["groups"][0]
    statement = claim.inventory.statements.filter(state="published").first()
    return {
        "claimant": claim.organisation.name,
        "method": claim.method,
        "volume": claim.volume,
        "physical_emissions": claim.result["physical_emissions"],
        "reduction_emissions": claim.result["reduction_emissions"],
        "adjusted_emissions": claim.result["adjusted_emissions"],
        "most_units": group["most_units"],
        "exact_cap_tonnes": group["exact_cap_tonnes"],
        "exact_adjusted_emissions": group["exact_adjusted_emissions"],
        "statement": statement.code if statement else None,
    }


def _sites() -> list[dict[str, Any]]:
    """Each site with where its application stands, what it shows, and what refuses it."""
    productions = Production.objects.filter(is_demonstration=True).order_by("site__code")
    allocated = set(Allocation.objects.values_list("production_id", flat=True))
    schemes = dict(Measurement.objects.values_list("production_id", "scheme"))
    issued = {each.production_id: each for each in Issuance.objects.filter(is_demonstration=True)}
    return [
        {
            "site": each.site.code,
            "name": each.site.name,
            "state": each.state,
            "shows": _shows(
                issued.get(each.pk),
                is_allocated=each.pk in allocated,
                scheme=schemes.get(each.pk, ""),
            ),
            "refused_by": _refused_by(each),
        }
        for each in productions.select_related("site")
    ]


def _shows(issuance: Issuance | None, *, is_allocated: bool, scheme: str) -> list[str]:
    """What the site is an example of."""
    shown = {
        "preferred": issuance is not None and issuance.is_preferred,
        "provisional": issuance is not None and issuance.is_provisional,
        "conditional": issuance is not None and _is_conditional(issuance),
        "allocated green iron": is_allocated,
        f"converted from {scheme.upper()}": scheme not in ("", *edition_on(_DAY).native_schemes),
    }
    return [name for name, is_so in shown.items() if is_so]


def _is_conditional(issuance: Issuance) -> bool:
    """Whether it rests on less than a full year of data (R060)."""
    return any(each["rule"] == "R060" and each["outcome"] == "warn" for each in issuance.findings)


def _refused_by(production: Production) -> list[str]:
    """The rules that keep a draft or returned application from being submitted."""
    if production.state not in (ProductionState.DRAFT, ProductionState.RETURNED):
        return []
    return [each.rule for each in failures(findings_of(production, on=_DAY))]
