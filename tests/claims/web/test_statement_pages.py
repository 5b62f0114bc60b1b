"""A statement's pages: drafted, submitted, assured, published; read, printed and as a workbook."""

from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from openpyxl import load_workbook

from claims.accounting.recompute import recompute
from claims.accounting.wording import DISCLOSURE
from claims.models import Assurance, Statement
from tests.cast import PASSWORD, key
from tests.claims.services import stage as act
from tests.claims.services.stage import ENHANCED, Stage, claim, set_stage
from tests.claims.services.test_statement_life import draft, engaged, opinion, submitted, take
from tests.claims.services.test_statement_life import publish as publish_service

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def stage(shared_database: None) -> Stage:
    return set_stage()


def signed_in(user: Any) -> Client:
    client = Client()
    client.force_login(user)
    assert PASSWORD
    return client


def sent(**values: Any) -> dict[str, Any]:
    return {"idempotency_key": key(), **values}


def published(stage: Stage) -> Statement:
    statement = submitted(stage)
    opinion(stage, engaged(stage, statement))
    return take(publish_service, stage, statement)


def test_from_draft_to_publication_through_pages(stage: Stage) -> None:
    claim(stage, 1, 500)
    carl, vera = signed_in(stage.people.carl), signed_in(stage.people.vera)
    new = f"/inventories/{stage.inventory.pk}/statements/new/"
    words = sent(text=DISCLOSURE, then="draft", jurisdictions=["EU"], sbti_tier="activity",
                 sbti_sourcing_match="Slab of the same region.")  # fmt: skip
    answer = carl.post(new, words)
    statement = Statement.objects.get()
    page = f"/statements/{statement.code}/"
    assert answer["Location"] == page
    assert statement.jurisdictions == ["EU"]
    assert "Submit it" in carl.get(page).content.decode()
    assert carl.post(f"{page}submit/", sent()).status_code == 302
    html = carl.get(page).content.decode()
    assert "Publish it without assurance" in html
    auditor = stage.people.veritas.pk
    assert carl.post(f"{page}engage/", sent(auditor=auditor)).status_code == 302
    assurance = Assurance.objects.get()
    room = f"/assurance/{assurance.pk}/"
    assert statement.code in vera.get("/assurance/").content.decode()
    assert "Give your opinion" in vera.get(room).content.decode()
    assert recompute(vera.get(f"{room}document.json").json()) == []
    given = sent(opinion="reasonable", text="We examined it all.")
    assert vera.post(f"{room}opinion/", given).status_code == 302
    assert "Publish it with the opinion" in carl.get(page).content.decode()
    assert carl.post(f"{page}publish/", sent()).status_code == 302
    public = Client().get(f"/register/statements/{statement.code}/").content.decode()
    assert "Reasonable assurance by Veritas Audit" in public
    assert "We examined it all." in public


def test_a_visitor_sees_everything_that_a_statement_must_say(stage: Stage) -> None:
    statement = published(stage)
    html = Client().get(f"/register/statements/{statement.code}/").content.decode()
    for words in (
        "Complete physical inventory",
        "Market-based inventory with BCUs applied",
        "Where this claim is and is not accepted",
        "SteelZero",
        "BCU-CS-",
        stage.retirement.code,
        "What the inventory rests on",
        "Limited assurance by Veritas Audit",
        "<title id=\"picture-waterfall-title\">",
        "As a table",
        statement.sha256,
    ):  # fmt: skip
        assert words in html, words
    assert "target progress" not in html
    assert 'style="' not in html


def test_one_without_assurance_says_so(stage: Stage) -> None:
    statement = take(publish_service, stage, submitted(stage))
    html = Client().get(f"/register/statements/{statement.code}/").content.decode()
    assert "No auditor of the registry has given an opinion on this statement." in html


def test_the_files_say_the_same(stage: Stage) -> None:
    act.line(stage.people.carl, stage.inventory, name="=1+1", factor_source="=cmd|x")
    claim(stage, 501, 600, ENHANCED)
    statement = published(stage)
    address = f"/register/statements/{statement.code}"
    document = Client().get(f"{address}.json").json()
    assert recompute(document) == []
    assert document["assurance"][0]["opinion"] == "limited"
    pdf = Client().get(f"{address}.pdf")
    assert pdf["Content-Type"] == "application/pdf"
    assert pdf.content.startswith(b"%PDF")
    assert b"/StructTreeRoot" in pdf.content
    book = load_workbook(BytesIO(Client().get(f"{address}.xlsx").content))
    assert book.sheetnames == ["Statement", "Inventories", "Claims", "Claims on spend", "Units",
                               "Acceptance", "Lines"]  # fmt: skip
    total = [cell.value for cell in list(book["Inventories"].rows)[-1]]
    assert total[0] == "Total"
    assert str(total[1]) == document["physical_inventory"]["total_emissions"]
    assert book["Lines"]["A3"].value == "=1+1"
    assert book["Lines"]["A3"].data_type == "s"
    assert len(list(book["Units"].rows)) == 1 + len(document["units"])


def test_lines_stand_a_page_at_a_time(stage: Stage, django_assert_max_num_queries: Any) -> None:
    for number in range(3):
        act.line(stage.people.carl, stage.inventory, name=f"Sheet {number}")
    statement = published(stage)
    address = f"/register/statements/{statement.code}/lines/"
    with django_assert_max_num_queries(4):
        html = Client().get(address).content.decode()
    assert "Coil" in html
    assert "Sheet 2" in html
    assert Client().get(f"{address}?page=99").status_code == 200
    assert Client().get(f"{address}?page=x").status_code == 200


def test_what_is_not_published_is_nobody_elses(stage: Stage) -> None:
    statement = submitted(stage)
    for ending in ("/", ".json", ".pdf", ".xlsx", "/lines/"):
        address = f"/register/statements/{statement.code}{ending}"
        assert Client().get(address).status_code == 404
    bob, vera = signed_in(stage.people.bob), signed_in(stage.people.vera)
    page = f"/statements/{statement.code}/"
    assert bob.get(page).status_code == 404
    assert bob.post(f"{page}publish/", sent()).status_code == 404
    assurance = engaged(stage, statement)
    assert bob.get(f"/assurance/{assurance.pk}/").status_code == 403
    assert Client().get(f"/assurance/{assurance.pk}/").status_code == 302
    assert vera.get(page).status_code == 403


@pytest.mark.parametrize(
    ("values", "status", "said"),
    [
        ({"text": ""}, 400, "This field is required"),
        ({"text": "x" * 20_001}, 400, "20000"),
        ({"claim_type": "on_product"}, 400, "on_product"),
        ({"audience": "everybody"}, 400, "everybody"),
        ({"jurisdictions": ["Mars"]}, 400, "Mars"),
        ({"text": "Our cars are green."}, 422, "Our cars are green"),
        ({"text": f"{DISCLOSURE} Good for the planet.", "audience": "consumer_advertising",
          "jurisdictions": ["EU"]}, 422, "Good for the planet"),
        ({"sbti_tier": "sector", "sbti_sourcing_match": "Coil", "sbti_barriers": ["cost"],
          "sbti_barrier": "Dear", "sbti_evidence": "Offer"}, 400, "Cost alone is not a barrier"),
        ({"sbti_tier": "sector", "sbti_sourcing_match": "Coil"}, 400, "structural barrier"),
        ({"sbti_tier": "planet"}, 400, "planet"),
        ({"sbti_barriers": ["weather"]}, 400, "weather"),
        ({"sbti_tier": "activity"}, 400, "how the units match"),
    ],
)  # fmt: skip
def test_wrong_words_come_back_with_what_is_wrong(
    stage: Stage, values: dict[str, Any], status: int, said: str
) -> None:
    carl = signed_in(stage.people.carl)
    address = f"/inventories/{stage.inventory.pk}/statements/new/"
    answer = carl.post(address, {**sent(text=DISCLOSURE), **values})
    assert answer.status_code == status
    assert said in answer.content.decode()
    assert not Statement.objects.exists()


@pytest.mark.parametrize(
    ("path", "values", "status"),
    [
        ("engage", {"auditor": "nobody"}, 400),
        ("engage", {}, 400),
        ("submit", {}, 409),
        ("discard", {}, 409),
    ],
)
def test_steps_that_do_not_follow_are_refused(
    stage: Stage, path: str, values: dict[str, Any], status: int
) -> None:
    statement = submitted(stage)
    carl = signed_in(stage.people.carl)
    answer = carl.post(f"/statements/{statement.code}/{path}/", {**sent(), **values})
    assert answer.status_code == status
    assert carl.get(f"/statements/{statement.code}/{path}/").status_code == 405


def test_a_draft_that_rules_refuse_comes_back_with_its_findings(stage: Stage) -> None:
    statement = draft(stage, act_words("Our cars are carbon neutral."))
    carl = signed_in(stage.people.carl)
    answer = carl.post(f"/statements/{statement.code}/submit/", sent())
    assert answer.status_code == 422
    assert "Our cars are carbon neutral" in answer.content.decode()
    edited = carl.post(f"/statements/{statement.code}/edit/", sent(text=DISCLOSURE))
    assert edited.status_code == 302
    assert carl.post(f"/statements/{statement.code}/submit/", sent()).status_code == 302


def act_words(text: str) -> Any:
    from claims.services.stating import Words

    return Words(text)
