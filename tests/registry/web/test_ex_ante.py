"""Audits before production on the pages and through the interface: one site opens, then closes."""

import pytest

from accounts.roles import Role
from accounts.services import register_organisation
from registry.models import ExAnteAudit, Site
from tests.cast import Cast, person, site
from tests.registry.web.conftest import As, send, summary, writes
from tests.support.programs import Program

EXPECTED = {"site_intensity": "0.45", "intensity": "0.45", "statement": "By design data."}


@pytest.fixture
def works(people: Cast) -> Site:
    return site(people)


def asking(people: Cast) -> dict[str, str]:
    return {
        "auditor": str(people.veritas.pk),
        "functional_unit": "iron",
        "recurrence": "annual",
    }


def test_asked_for_signed_and_closed_again(people: Cast, as_: As, works: Site) -> None:
    other = site(people)
    alice, vera = as_(people.alice), as_(people.vera)
    asked = send(alice, f"/sites/{works.code}/ex-ante/", asking(people))
    audit = ExAnteAudit.objects.get()
    page = f"/ex-ante/{audit.pk}/"
    assert asked.url == page

    assert f"Audit {works.name}" in vera.get("/home/").content.decode()
    assert page in vera.get("/engagements/").content.decode()
    shown = vera.get(page).content.decode()
    assert "Start of operation" in shown
    assert other.code not in shown
    assert send(vera, f"{page}sign/", EXPECTED).status_code == 302

    closed = vera.get(page).content.decode()
    assert "By design data." in closed
    assert "the site is closed to you again" in closed
    assert "Start of operation" not in closed
    late = send(vera, f"{page}sign/", EXPECTED)
    assert (late.status_code, "This audit is signed" in summary(late)) == (409, True)
    assert "Start of operation" in alice.get(page).content.decode()


def test_withdrawn_it_closes_and_cannot_be_signed(people: Cast, as_: As, works: Site) -> None:
    alice, vera = as_(people.alice), as_(people.vera)
    send(alice, f"/sites/{works.code}/ex-ante/", asking(people))
    page = f"/ex-ante/{ExAnteAudit.objects.get().pk}/"
    assert send(vera, f"{page}withdraw/").status_code == 403
    assert send(alice, f"{page}withdraw/").status_code == 302
    assert send(vera, f"{page}sign/", EXPECTED).status_code == 409
    assert send(alice, f"/sites/{works.code}/ex-ante/", asking(people)).status_code == 302


@pytest.mark.parametrize(
    ("change", "status", "said"),
    [
        ({"auditor": ""}, 400, "auditor"),
        ({"functional_unit": "scrap"}, 400, "functional_unit"),
        ({"recurrence": "never"}, 400, "recurrence"),
    ],
)
def test_asking_wrongly_names_the_field(
    people: Cast, as_: As, works: Site, change: dict[str, str], status: int, said: str
) -> None:
    answer = send(as_(people.alice), f"/sites/{works.code}/ex-ante/", asking(people) | change)
    assert answer.status_code == status
    assert said in answer.context["form"].errors


def test_an_auditor_without_accreditation_is_refused_by_rule(
    people: Cast, as_: As, works: Site
) -> None:
    rival = register_organisation(name="Rival Audit", country="NO", roles={Role.AUDITOR})
    given = asking(people) | {"auditor": str(rival.pk)}
    answer = send(as_(people.alice), f"/sites/{works.code}/ex-ante/", given)
    assert answer.status_code == 422
    assert "R067" in summary(answer)
    program = Program.of(people.alice).post(f"sites/{works.code}/ex-ante-audits/", given)
    assert (program.status, "R067" in program.findings) == (422, True)


def test_others_see_nothing(people: Cast, as_: As, works: Site) -> None:
    send(as_(people.alice), f"/sites/{works.code}/ex-ante/", asking(people))
    audit, before = ExAnteAudit.objects.get(), writes()
    rival = register_organisation(name="Rival Audit", country="NO", roles={Role.AUDITOR})
    ruth = person("Ruth", rival)
    for stranger in (ruth, people.erik):
        assert as_(stranger).get(f"/ex-ante/{audit.pk}/").status_code == 404
    assert send(as_(ruth), f"/ex-ante/{audit.pk}/sign/", EXPECTED).status_code == 404
    assert as_(people.erik).get(f"/sites/{works.code}/ex-ante/").status_code == 404
    assert as_(people.anton).get(f"/sites/{works.code}/ex-ante/").status_code == 403
    assert send(as_(people.anton), f"/ex-ante/{audit.pk}/withdraw/").status_code == 403
    assert Program.of(ruth).post(f"ex-ante-audits/{audit.pk}/sign/", EXPECTED).status == 404
    assert Program.of(ruth).get("ex-ante-audits/").body["count"] == 0
    assert writes() == before


def test_the_interface_asks_signs_and_withdraws(people: Cast, works: Site) -> None:
    alice, vera = Program.of(people.alice), Program.of(people.vera)
    made = alice.post(f"sites/{works.code}/ex-ante-audits/", asking(people))
    assert made.status == 201
    again = alice.post(f"sites/{works.code}/ex-ante-audits/", asking(people))
    assert again.status == 409
    sign = f"ex-ante-audits/{made.body['id']}/sign/"
    assert vera.post(sign, EXPECTED | {"intensity": "-1"}).status == 400
    assert vera.post(sign, EXPECTED | {"scrap_share": "0.5"}).status == 400
    signed = vera.post(sign, EXPECTED)
    assert (signed.status, signed.body["state"]) == (200, "signed")
    assert vera.get("ex-ante-audits/").body["count"] == 1
    late = alice.post(f"ex-ante-audits/{made.body['id']}/withdraw/")
    assert late.status == 409
    assert alice.get(f"sites/{works.code}/ex-ante-audits/").body["count"] == 1
