"""The cast of tests: organisations, people with a password, accounts, and units to begin with.

    people = cast()
    issuance = issue(people, tonnes=1_000)

Everything is made through the services, so a cast never holds what they would refuse. Alice
works for the ironmaker, Erik for the steelmaker, Bob and Bea for the broker, Carl for the car
maker, Vera for the auditor, Olga and Oscar for the operator. Anton is a colleague of Alice who
may only look.
"""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal
from io import BytesIO
from typing import Any, TypeVar
from uuid import uuid4

from django.utils import timezone

from accounts.models import Account, Organisation, User
from accounts.permissions import Right
from accounts.roles import Role
from accounts.services import add_member, open_account, register_organisation
from registry.models import (
    Accreditation,
    Additionality,
    Agreement,
    Baseline,
    Issuance,
    Measurement,
    Production,
    Site,
    SiteTechnology,
    Verification,
)
from registry.rulebook.edition import edition_on
from registry.services.accreditations import record_accreditation
from registry.services.additionality import determine_additionality
from registry.services.agreements import record_agreement
from registry.services.issuing import approve_production
from registry.services.measurements import save_measurement
from registry.services.pathways import record_certificate, record_pathway
from registry.services.productions import add_evidence, draft_production, submit_production
from registry.services.sites import add_baseline, register_site
from registry.services.technology import describe_technology
from registry.services.verifications import (
    Figures,
    Review,
    sign_verification,
    start_verification,
)
from tests.support.remembered import remembered

R = TypeVar("R")

_PLAIN = (str, int, bool, date, Decimal, type(None))
PASSWORD = "correct horse battery staple"
START = {Right.VIEW, Right.INITIATE}
APPROVE = {Right.VIEW, Right.APPROVE}


@dataclass(frozen=True)
class Cast:
    """broker_desk asks for a second person's approval; the other accounts do not."""

    nordmetall: Organisation
    elektra: Organisation
    broker: Organisation
    auto_werke: Organisation
    veritas: Organisation
    operator: Organisation
    alice: User
    anton: User
    erik: User
    bob: User
    bea: User
    carl: User
    vera: User
    olga: User
    oscar: User
    iron_account: Account
    steel_account: Account
    broker_account: Account
    broker_desk: Account
    auto_account: Account


def cast(*, is_demonstration: bool = False) -> Cast:
    """Everybody, with rights. Nobody has made anything yet."""
    if Organisation.objects.exists():
        return _cast(is_demonstration)
    return remembered(("cast", is_demonstration), lambda: _cast(is_demonstration))


def _cast(is_demonstration: bool) -> Cast:
    def organisation(name: str, country: str, role: Role) -> Organisation:
        return register_organisation(
            name=name, country=country, roles={role}, is_demonstration=is_demonstration
        )

    nordmetall = organisation("Nordmetall Iron AB", "SE", Role.IRON_PRODUCER)
    elektra = organisation("Elektra Steel", "US", Role.STEEL_PRODUCER)
    broker = organisation("Broker & Sons", "GB", Role.INTERMEDIARY)
    auto_werke = organisation("Auto Werke", "DE", Role.CORPORATE_END_USER)
    veritas = organisation("Veritas Audit", "NO", Role.AUDITOR)
    operator = organisation("Registry Operator", "CH", Role.OPERATOR)
    alice, anton = person("Alice", nordmetall), person("Anton", nordmetall)
    erik, carl, vera = person("Erik", elektra), person("Carl", auto_werke), person("Vera", veritas)
    bob, bea = person("Bob", broker), person("Bea", broker)
    olga, oscar = person("Olga", operator), person("Oscar", operator)
    accredit(olga, veritas)
    return Cast(
        nordmetall=nordmetall,
        elektra=elektra,
        broker=broker,
        auto_werke=auto_werke,
        veritas=veritas,
        operator=operator,
        alice=alice,
        anton=anton,
        erik=erik,
        bob=bob,
        bea=bea,
        carl=carl,
        vera=vera,
        olga=olga,
        oscar=oscar,
        iron_account=open_account(
            organisation=nordmetall, name="Iron", rights={alice: START, anton: {Right.VIEW}}
        ),
        steel_account=open_account(organisation=elektra, name="Steel", rights={erik: START}),
        broker_account=open_account(
            organisation=broker, name="Trading", rights={bob: START, bea: APPROVE}
        ),
        broker_desk=open_account(
            organisation=broker,
            name="Client desk",
            approval_required=True,
            rights={bob: START | APPROVE, bea: APPROVE},
        ),
        auto_account=open_account(organisation=auto_werke, name="Fleet", rights={carl: START}),
    )


def person(name: str, organisation: Organisation) -> User:
    """A member who signs in as name@example.test with PASSWORD."""
    user = User.objects.create_user(f"{name.lower()}@example.test", PASSWORD, name=name)
    add_member(user=user, organisation=organisation)
    return user


def accredit(operator: User, auditor: Organisation, **values: Any) -> Accreditation:
    """For iron, steel and gases, ten years back and ten ahead."""
    now = timezone.now()
    given: dict[str, Any] = {
        "body": "ResponsibleSteel",
        "basis": "rs_approved",
        "scopes": ["iron", "crude_steel", "ghg"],
        "valid_from": date(now.year - 10, 1, 1),
        "valid_until": date(now.year + 10, 12, 31),
        "reference": f"RS-CB-{auditor.accreditations.count() + 1}",
    }
    return record_accreditation(
        by=operator, now=now, key=key(), auditor=auditor, values=given | values
    )


def key() -> str:
    return str(uuid4())


def vintage(now: datetime) -> tuple[date, date]:
    """Last calendar year: over, and with years of use ahead whenever the tests run."""
    return date(now.year - 1, 1, 1), date(now.year - 1, 12, 31)


# --- from a site to units, each step through its service -------------------------------------


def site(people: Cast, *, steel: bool = False, **values: Any) -> Site:
    by, owner = _producer(people, steel)
    given: dict[str, Any] = {
        "code": f"T{Site.objects.count() + 1:03d}",
        "name": "Elektra mill" if steel else "Nordmetall works",
        "country": owner.country,
        "route": "scrap_eaf" if steel else "dri",
        "started_on": date(2015, 5, 1),
    }
    made = register_site(
        by=by, now=timezone.now(), key=key(), organisation=owner, values=given | values
    )
    technology(people, made)
    certify(by, made, steel=steel)
    return made


def technology(people: Cast, at: Site, **values: Any) -> SiteTechnology:
    """Renewable hydrogen and electricity, no gas, from long ago, unless `values` say otherwise."""
    given: dict[str, Any] = {
        "valid_from": date(2000, 1, 1),
        "natural_gas_used": False,
        "hydrogen_reduction_share": Decimal("0.6"),
        "renewable_electricity_share": Decimal(1),
        "renewable_supply": "Power purchase agreement, test data",
        "labels": ["renewable_hydrogen", "renewable_electricity"],
    }
    by = people.erik if at.organisation_id == people.elektra.pk else people.alice
    return describe_technology(by=by, now=timezone.now(), key=key(), site=at, values=given | values)


def additionality(people: Cast, of: Production | Agreement, **values: Any) -> Additionality:
    """Declared, one obligation exceeded; under an agreement of the day it was signed."""
    under = of if isinstance(of, Agreement) else of.agreement
    given: dict[str, Any] = {
        "declared": True,
        "determined_on": under.executed_on if under else None,
        "obligations": [
            {
                "kind": "emissions_trading",
                "name": "Emissions trading",
                "surplus": "exceeds",
                "explanation": "60 % below the benchmark of free allocation.",
                "evidence": "Compliance report, test data",
            }
        ],
        "financial": "The units' revenue pays for the hydrogen.",
        "common_practice": "First of its kind in the region.",
    }
    owner = of.issuer if isinstance(of, Agreement) else of.producer
    by = people.erik if owner == people.elektra else people.alice
    return determine_additionality(
        by=by, now=timezone.now(), key=key(), of=of, values=given | values
    )


def certify(by: User, site: Site, *, steel: bool = False) -> None:
    """Data of ten years: a steel site is certified, an ironmaking one follows Principle 10."""
    now = timezone.now()
    record_pathway(
        by=by,
        now=now,
        key=key(),
        site=site,
        values={
            "first_data_on": date(now.year - 10, 1, 1),
            "self_assessed_on": date(now.year - 9, 3, 1),
            "principle_10": "Annual report, chapters 3 to 5",
            "progress": "Stage 2 audit done",
            "checkpoint_1_on": date(now.year - 9, 3, 1),
            "checkpoint_2_on": date(now.year - 8, 3, 1),
        },
    )
    if steel:
        record_certificate(
            by=by,
            now=now,
            key=key(),
            site=site,
            values={
                "kind": "rs_core_site",
                "reference": f"RS-CS-{site.code}",
                "body": "ResponsibleSteel",
                "valid_from": date(now.year - 5, 1, 1),
                "valid_until": date(now.year + 5, 12, 31),
            },
        )


def baseline(people: Cast, *, steel: bool = False, **values: Any) -> Baseline:
    """An own regional value: 1.9 t CO2e/t of iron; for steel a sliding scale."""
    by, owner = _producer(people, steel)
    given: dict[str, Any] = {
        "kind": "regional",
        "name": "Regional average",
        "functional_unit": "iron",
        "country": owner.country,
        "value_intensity": Decimal("1.9"),
        "source": "Regional average, test data",
        "year": 2024,
    }
    if steel:
        given |= {
            "kind": "sliding_scale",
            "name": "Sliding scale",
            "functional_unit": "crude_steel",
            "value_intensity": None,
            "primary_intensity": Decimal("2.46"),
            "primary_scrap_share": Decimal("0.15"),
            "secondary_intensity": Decimal("0.62"),
            "secondary_scrap_share": Decimal("0.95"),
        }
    return add_baseline(
        by=by, now=timezone.now(), key=key(), organisation=owner, values=given | values
    )


def agreement(
    people: Cast, *, steel: bool = False, rights: Mapping[str, Any] | None = None, **values: Any
) -> Agreement:
    by, owner = _producer(people, steel)
    given: dict[str, Any] = {
        "reference": f"AG-{Agreement.objects.count() + 1}",
        "executed_on": date(timezone.now().year - 2, 6, 1),
        "transfers_allowed": None,
        "claims_agreed": 1,
        "end_use": "Car bodies",
        "offtake_share": None,
    }
    return record_agreement(
        by=by,
        now=timezone.now(),
        key=key(),
        issuer=owner,
        buyers=[people.broker],
        values=given | values,
        rights=rights,
    )


def production_values(people: Cast, tonnes: int, *, steel: bool = False) -> dict[str, Any]:
    """A production that passes every rule, but for site, baseline and evidence."""
    start, end = vintage(timezone.now())
    values: dict[str, Any] = {
        "account": people.steel_account if steel else people.iron_account,
        "functional_unit": "crude_steel" if steel else "iron",
        "product": "slab" if steel else "dri",
        "period_start": start,
        "period_end": end,
        "tonnes": tonnes,
        "delivered_tonnes": tonnes,
        "delivered_on": end,
        "methodology": "ISO 14404-3",
        "abatement": "Hydrogen direct reduction",
        "abatement_details": "100 % renewable hydrogen",
        "additionality": "No law asks for this technology.",
        "end_use": "Car bodies",
    }
    if steel:
        values |= {"abatement": "Scrap in an electric arc furnace"}
    else:
        values |= {"fe_metallic_share": Decimal("0.92"), "fe_total_share": Decimal("0.95")}
        values |= {"baseline_reason": "A new works: no figures from before the change."}
    return values


def production(
    people: Cast,
    *,
    tonnes: int = 1_000,
    steel: bool = False,
    at: Site | None = None,
    **values: Any,
) -> Production:
    """A draft with a proof of delivery. It passes every rule unless `values` say otherwise.

    site_intensity, scrap_share: what its measurement gives; None for no measurement.
    """
    if at is not None:
        return _production(people, tonnes, steel, at, values)
    return _first(
        people,
        ("production", tonnes, steel),
        values,
        lambda: _production(people, tonnes, steel, None, values),
    )


def _production(
    people: Cast, tonnes: int, steel: bool, at: Site | None, values: dict[str, Any]
) -> Production:
    by, _ = _producer(people, steel)
    values = dict(values)
    average = values.pop("site_intensity", Decimal("0.4"))
    share = values.pop("scrap_share", Decimal("0.6") if steel else None)
    values.pop("intensity", None)  # the site's average, where no green iron is allocated
    where = at or site(people, steel=steel)
    given = production_values(people, tonnes, steel=steel)
    given |= {"measured_site": where.code, "baseline": baseline(people, steel=steel)}
    draft = draft_production(
        by=by, now=timezone.now(), key=key(), site=where, values={**given, **values}
    )
    add_evidence(
        by=by,
        now=timezone.now(),
        key=key(),
        production=draft,
        kind="delivery",
        name="delivery.csv",
        file=BytesIO(f"ticket,tonnes\n{draft.pk},{tonnes}\n".encode()),
    )
    additionality(people, draft)
    if average is not None:
        measure(people, draft, site_intensity=average, scrap_share=share)
    return draft


def measurement_values(*, steel: bool, start: date, end: date) -> dict[str, Any]:
    """A measurement that passes every rule, but for its lines: 1,000 t over the period."""
    edition = edition_on(end)
    return {
        "scheme": "responsiblesteel",
        "data_start": start,
        "data_end": end,
        "output_tonnes": Decimal(1_000),
        "covers": list(edition.steel_boundary if steel else edition.iron_boundary),
        "ends_at": edition.steel_boundary_end if steel else edition.iron_boundary_end,
        "electricity_basis": "location",
        "allocated_emissions": Decimal(0),
    }


def measurement_lines(
    site_intensity: Decimal, scrap_share: Decimal | None
) -> list[dict[str, object]]:
    """Lines that give these figures exactly over 1,000 t."""
    lines: list[dict[str, object]] = [
        {"part": "scope_1", "item": "reductants", "quantity": site_intensity * 1_000}
    ]
    if scrap_share is not None:
        for item, share in (("dri", 1 - scrap_share), ("home_scrap", scrap_share)):
            quantity = share * 1_000
            lines.append(
                {"part": "input", "item": item, "quantity": quantity, "metallic_share": Decimal(1)}
            )
    return lines


def measure(
    people: Cast,
    draft: Production,
    *,
    site_intensity: Decimal = Decimal("0.4"),
    scrap_share: Decimal | None = None,
    **values: Any,
) -> Measurement:
    """A measurement with a line or two that gives these figures; the draft takes them."""
    start, end = vintage(timezone.now())
    given = measurement_values(
        steel=draft.functional_unit == "crude_steel",
        start=draft.period_start or start,
        end=draft.period_end or end,
    )
    measurement = save_measurement(
        by=_by(people, draft),
        now=timezone.now(),
        key=key(),
        production=draft,
        values={**given, **values},
        lines=measurement_lines(site_intensity, scrap_share),
    )
    draft.refresh_from_db(fields=["site_intensity", "intensity", "scrap_share"])
    return measurement


def submit(people: Cast, draft: Production) -> Verification:
    """Hand a draft to Veritas; the engagement."""
    submit_production(
        by=_by(people, draft),
        now=timezone.now(),
        key=key(),
        production=draft,
        auditor=people.veritas,
    )
    return draft.verifications.get(state="open")


def verify(people: Cast, engagement: Verification, **figures: Any) -> Verification:
    """Start and sign with the producer's own figures, or those given."""
    start_verification(by=people.vera, now=timezone.now(), key=key(), verification=engagement)
    declared: Mapping[str, Any] = {
        name: getattr(engagement.production, name)
        for name in ("delivered_tonnes", "site_intensity", "intensity", "scrap_share")
    }
    return sign_verification(
        by=people.vera,
        now=timezone.now(),
        key=key(),
        verification=engagement,
        figures=Figures(**{**declared, **figures}),
        review=review(),
        statement="Checked on site against meter records and delivery tickets.",
    )


def review(**values: Any) -> Review:
    """A complete checklist, signed today."""
    today = timezone.now().date()
    given: dict[str, Any] = {
        "confirms_threshold": True,
        "confirms_route": True,
        "confirms_additionality": True,
        "reviewed_self_assessment": True,
        "reviewed_evidence": True,
        "reviewed_on": today,
        "covers_transactions": True,
        "deliveries_until": today,
    }
    return Review(**(given | values))


def checklist() -> dict[str, Any]:
    """The same as a form or program sends it."""
    made = review()
    return {
        name: value.isoformat() if isinstance(value, date) else value
        for name, value in asdict(made).items()
    }


def approve(people: Cast, verified: Production) -> Issuance:
    """Both operators approve; the units."""
    for by in (people.olga, people.oscar):
        approve_production(by=by, now=timezone.now(), key=key(), production=verified)
    return Issuance.objects.get(production=verified)


def half_a_year() -> dict[str, date]:
    """A period of less than a full year of data: units issued for it are conditional (R060)."""
    start, _ = vintage(timezone.now())
    return {"period_start": date(start.year, 7, 1)}


def issue(people: Cast, *, tonnes: int = 1_000, steel: bool = False, **values: Any) -> Issuance:
    """Units in the producer's account, after every step before them."""

    def make() -> Issuance:
        draft = production(people, tonnes=tonnes, steel=steel, **values)
        verify(people, submit(people, draft))
        return approve(people, draft)

    return _first(people, ("issue", tonnes, steel), values, make)


def _first(
    people: Cast, what: tuple[object, ...], values: dict[str, Any], make: Callable[[], R]
) -> R:
    """What a cast makes first is the same each time, so it is made through the services once."""
    is_plain = all(isinstance(value, _PLAIN) for value in values.values())
    if not is_plain or Site.objects.exists() or Agreement.objects.exists():
        return make()
    # The same people, or the rows would name others.
    return remembered((*what, people.olga.pk, *sorted(values.items())), make)


def _producer(people: Cast, steel: bool) -> tuple[User, Organisation]:
    return (people.erik, people.elektra) if steel else (people.alice, people.nordmetall)


def _by(people: Cast, draft: Production) -> User:
    return people.erik if draft.producer_id == people.elektra.pk else people.alice
