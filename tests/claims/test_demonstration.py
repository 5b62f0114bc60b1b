"""The demonstration: the framework's figures, played through the services, once."""

import json
from datetime import date
from decimal import Decimal
from io import StringIO
from typing import Any

import pytest
from django.core.management import call_command
from django.test import Client

from claims.accounting.recompute import recompute
from claims.demonstration.afterwards import DELIVERY_REFERENCE
from claims.demonstration.cast import PASSWORD, sign_ins
from claims.demonstration.play import play
from claims.demonstration.standing import figures
from claims.models import Claim, Statement
from claims.queries import unclaimed
from registry.models import (
    CoClaim,
    DeliveryNotice,
    Disclosure,
    Holding,
    IronLot,
    Issuance,
    Production,
    Retirement,
    Site,
    Suspension,
    Transfer,
    WriteRequest,
)
from registry.services.productions import findings_of
from tests.registry.ledger.invariants import assert_sound
from tests.support.refusals import writes_nothing

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def played(shared_database: None) -> dict[str, Any]:
    play()
    return figures()


def test_direct_substitution_gives_the_frameworks_figures(played: dict[str, Any]) -> None:
    """9.2: 10,000 t at 1.9 against units at 0.8."""
    cars = played["claims"][0]
    assert (cars["method"], cars["volume"]) == ("direct", 10_000)
    assert cars["physical_emissions"] == "19000"
    assert cars["reduction_emissions"] == "11000"
    assert cars["adjusted_emissions"] == "8000"


def test_enhanced_substitution_gives_whole_units_under_the_cap(played: dict[str, Any]) -> None:
    """9.2 and I-09: 75,000 t CO2e ÷ 1.8 are 41,666 whole units, not 41,667."""
    rebar = played["claims"][1]
    assert (rebar["method"], rebar["volume"], rebar["most_units"]) == ("enhanced", 41_666, 41_666)
    assert rebar["physical_emissions"] == "75000"
    assert rebar["reduction_emissions"] == "66665.6"
    assert rebar["adjusted_emissions"] == "8334.4"


def test_the_real_valued_cap_stands_beside_the_whole_one(played: dict[str, Any]) -> None:
    rebar = played["claims"][1]
    assert rebar["exact_cap_tonnes"] == "41666.666667"
    assert rebar["exact_adjusted_emissions"] == "8333.333333"


def test_what_was_issued_and_retired_is_as_played(played: dict[str, Any]) -> None:
    assert played["issued"] == {
        "ABUDHABI": 3_000,
        "HAMBURG": 4_000,
        "HAMILTON": 800,
        "LULEA": 10_000,
        "RESENDE": 50_000,
        "TOLEDO": 2_000,
        "WARSZAWA": 2_000,
    }
    assert played["retired"] == 51_666


def test_each_site_shows_one_thing(played: dict[str, Any]) -> None:
    shown = {
        each["site"]: (each["state"], *each["shows"], *each["refused_by"])
        for each in played["sites"]
    }
    assert shown == {
        "ABUDHABI": ("issued", "conditional"),
        "HAMBURG": ("provisional", "provisional"),
        "HAMILTON": ("issued", "allocated green iron"),
        "KALINGANAGAR": ("draft", "R033", "R034"),
        "LULEA": ("issued",),
        "OSCEOLA": ("draft", "R021"),
        "RESENDE": ("issued",),
        "TOLEDO": ("issued", "preferred"),
        "WARSZAWA": ("issued", "converted from LESS"),
    }


def test_the_exhibits_own_site_is_refused_by_the_scrap_line(played: dict[str, Any]) -> None:
    """Exhibit 8 and I-02: 0.9189 at 44.44 % scrap, where the limit is 0.7556."""
    draft = Production.objects.get(site__code="OSCEOLA")
    found = next(f for f in findings_of(draft, on=date(2026, 4, 10)) if f.rule == "R021")
    assert (found.numbers["limit"], draft.site_intensity) == ("0.755600", Decimal("0.9189"))


def test_green_iron_goes_to_half_of_the_steel(played: dict[str, Any]) -> None:
    """5.2: 0.65 for the site; iron at 0.3 and 1.6 gives 0.2658 and 1.0342."""
    issuance = Issuance.objects.get(site__code="HAMILTON")
    assert issuance.intensity == Decimal("0.265840")
    lot = IronLot.objects.get(is_green=True)
    assert lot.iron_production is not None
    assert (lot.iron_production.site.code, lot.tonnes) == ("TOLEDO", 500)


def test_a_delivery_can_be_looked_up(played: dict[str, Any], client: Client) -> None:
    """10.1: the default factor is the baseline."""
    page = client.get("/register/deliveries/", {"reference": DELIVERY_REFERENCE}).content.decode()
    assert DELIVERY_REFERENCE in page
    assert "2.345" in page
    notice = DeliveryNotice.objects.get()
    assert notice.state == "undertaken"
    assert Disclosure.objects.get().says_sold


def test_a_claim_is_shared_and_a_suspension_lifted(played: dict[str, Any]) -> None:
    co_claim = CoClaim.objects.get()
    assert (co_claim.state, co_claim.quantity) == ("executed", 600)
    assert Holding.objects.filter(copy=2, issuance__site__code="WARSZAWA").exists()
    assert Suspension.objects.get().state == "lifted"
    states = Holding.objects.filter(issuance__site__code="ABUDHABI").values_list("state", flat=True)
    assert set(states) == {"active"}


def test_a_retirement_has_its_certificate(played: dict[str, Any], client: Client) -> None:
    retirement = Retirement.objects.order_by("quantity").first()
    assert retirement is not None
    assert client.get(f"/register/retirements/{retirement.code}/").status_code == 200


def test_playing_again_changes_nothing(played: dict[str, Any]) -> None:
    with writes_nothing():
        play()
    assert figures() == played


def test_a_play_that_stopped_is_gone_on_with(played: dict[str, Any]) -> None:
    """Without the note of its end every step is found done."""
    WriteRequest.objects.filter(kind="demonstration", key__endswith="-played").delete()
    play()
    assert figures() == played


def test_the_command_prints_the_same_figures_each_time(played: dict[str, Any]) -> None:
    outputs = []
    for _ in range(2):
        output = StringIO()
        call_command("demo", "--json", stdout=output)
        outputs.append(output.getvalue())
    assert outputs[0] == outputs[1]
    assert json.loads(outputs[0]) == played


def test_what_an_earlier_version_played_is_kept_and_said_to_be(played: dict[str, Any]) -> None:
    WriteRequest.objects.filter(kind="demonstration").delete()
    output, aside = StringIO(), StringIO()
    with writes_nothing():
        call_command("demo", "--json", stdout=output, stderr=aside)
    assert "earlier version" in aside.getvalue()
    assert json.loads(output.getvalue()) == played


def test_the_ledger_is_sound(played: dict[str, Any]) -> None:
    assert_sound()


def test_everything_played_is_marked_as_demonstration(played: dict[str, Any]) -> None:
    for model in (Site, Production, Issuance, Retirement, CoClaim, Claim, Statement):
        assert model.objects.exists()
        assert not model.objects.filter(is_demonstration=False).exists(), model


def test_one_of_its_statements_is_assured(played: dict[str, Any]) -> None:
    given = {
        each.organisation.name: [assurance.opinion for assurance in each.assurances.all()]
        for each in Statement.objects.select_related("organisation")
    }
    assert given == {
        "Nordic Cars (demonstration)": [],
        "Tower Consulting (demonstration)": ["limited"],
    }


def test_its_statements_recompute_from_their_documents(played: dict[str, Any]) -> None:
    statements = Statement.objects.all()
    assert len(statements) == 2
    for statement in statements:
        assert recompute(statement.document) == []
        assert statement.document["demonstration"] is True


def test_the_units_passed_through_an_intermediary(played: dict[str, Any]) -> None:
    accepted = Transfer.objects.filter(state="accepted")
    assert accepted.count() == 5
    assert accepted.filter(to_account__organisation__name__startswith="Metals Bridge").count() == 2


def test_nothing_retired_is_left_unclaimed(played: dict[str, Any]) -> None:
    for claim in Claim.objects.all():
        assert unclaimed(claim.organisation_id) == []


def test_real_plants_stand_where_they_stand(played: dict[str, Any]) -> None:
    lulea = Site.objects.get(code="LULEA")
    assert (lulea.country, round(float(lulea.latitude or 0), 1)) == ("SE", 65.6)
    assert "Global Energy Monitor" in lulea.source


def test_everybody_signs_in(played: dict[str, Any], client: Client) -> None:
    listed = sign_ins()
    assert len(listed) == 9
    for _, email, password in listed:
        assert password == PASSWORD
        assert client.login(email=email, password=password), email


def test_the_sign_ins_name_every_role(played: dict[str, Any]) -> None:
    output = StringIO()
    call_command("demo", "--sign-ins", stdout=output)
    for role in (
        "iron producer",
        "steel producer",
        "intermediary",
        "corporate end user",
        "auditor",
        "operator",
    ):
        assert role in output.getvalue()
