"""The operator's admin of organisations, people, accounts and rights: all through the services."""

from typing import TYPE_CHECKING, Any

import pytest
from django.test import Client
from django.urls import reverse

from accounts.admin_rights import grant_operator_admin, revoke_operator_admin
from accounts.errors import Refused
from accounts.models import Account, Membership, Organisation, User
from accounts.permissions import Right, can, grant, is_member, roles_of
from accounts.roles import Role
from tests.cast import PASSWORD, Cast, cast, person

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = pytest.mark.django_db


@pytest.fixture
def people() -> Cast:
    everybody = cast()
    grant_operator_admin(everybody.olga)
    return everybody


@pytest.fixture
def olga(people: Cast) -> Client:
    client = Client()
    assert client.login(email=people.olga.email, password=PASSWORD)
    return client


def address(name: str, *args: object) -> str:
    return reverse(f"admin:accounts_{name}", args=args)


def organisation_values(organisation: Organisation, **values: Any) -> dict[str, Any]:
    """The change form as the browser sends it back, nothing changed."""
    members = list(organisation.memberships.order_by("id"))
    given: dict[str, Any] = {
        "name": organisation.name,
        "country": organisation.country,
        "registered_as": organisation.registered_as,
        "roles": [role.value for role in roles_of(organisation)],
        "memberships-TOTAL_FORMS": len(members) + 1,
        "memberships-INITIAL_FORMS": len(members),
        "accounts-TOTAL_FORMS": 0,
        "accounts-INITIAL_FORMS": 0,
    }
    for number, member in enumerate(members):
        given[f"memberships-{number}-id"] = member.pk
        given[f"memberships-{number}-organisation"] = organisation.pk
    return given | values


def account_values(account: Account, **values: Any) -> dict[str, Any]:
    rows = "accountuserobjectpermission_set"
    held = list(account.accountuserobjectpermission_set.order_by("id"))
    given: dict[str, Any] = {
        "name": account.name,
        f"{rows}-TOTAL_FORMS": len(held) + 1,
        f"{rows}-INITIAL_FORMS": len(held),
    }
    for number, each in enumerate(held):
        given[f"{rows}-{number}-id"] = each.pk
        given[f"{rows}-{number}-content_object"] = account.pk
    return given | values


# --- who opens it -------------------------------------------------------------------------------


def test_a_visitor_signs_in_by_the_portals_own_page(client: Client, people: Cast) -> None:
    response = client.get("/admin/", follow=True)

    assert response.redirect_chain[-1][0].startswith("/auth/login/?next=")


@pytest.mark.parametrize("who", ["alice", "vera", "oscar"])
def test_who_was_not_let_in_is_refused(client: Client, people: Cast, who: str) -> None:
    client.login(email=getattr(people, who).email, password=PASSWORD)

    assert client.get("/admin/", follow=True).status_code == 403


@pytest.mark.parametrize("who", ["alice", "vera", "bob"])
def test_only_the_operators_people_are_let_in(people: Cast, who: str) -> None:
    with pytest.raises(Refused):
        grant_operator_admin(getattr(people, who))

    assert not getattr(people, who).is_staff


def test_what_was_granted_is_taken_back(olga: Client, people: Cast) -> None:
    revoke_operator_admin(people.olga)

    assert olga.get("/admin/", follow=True).status_code == 403


def test_being_let_in_gives_no_rights_over_units_and_makes_nobody_a_superuser(
    people: Cast,
) -> None:
    olga = User.objects.get(pk=people.olga.pk)

    assert not olga.is_superuser
    assert not can(olga, Right.VIEW, people.broker_account)
    assert not olga.has_perm("accounts.initiate_account")
    assert not olga.has_perm("accounts.delete_organisation")
    assert not olga.has_perm("registry.change_site")
    assert not olga.has_perm("oauth2_provider.add_application")


# --- organisations ------------------------------------------------------------------------------


def test_an_organisation_is_registered_with_its_roles(olga: Client) -> None:
    response = olga.post(
        address("organisation_add"),
        {"name": "New Mill", "country": "se", "roles": ["iron_producer", "steel_producer"]},
    )

    made = Organisation.objects.get(name="New Mill")
    assert response.status_code == 302
    assert made.country == "SE"
    assert roles_of(made) == {Role.IRON_PRODUCER, Role.STEEL_PRODUCER}
    assert made.group.name == f"organisation {made.pk}"


@pytest.mark.parametrize("other", ["iron_producer", "intermediary", "operator"])
def test_an_auditor_with_another_role_is_refused_with_its_rule(olga: Client, other: str) -> None:
    response = olga.post(
        address("organisation_add"), {"name": "Both", "country": "SE", "roles": ["auditor", other]}
    )

    html = response.content.decode()
    assert response.status_code == 200
    assert "R015 (2.3)" in html
    assert "Register a second organisation" in html
    assert 'value="Both"' in html
    assert not Organisation.objects.filter(name="Both").exists()


def test_an_auditor_does_not_get_another_role_later(olga: Client, people: Cast) -> None:
    path = address("organisation_change", people.veritas.pk)
    values = organisation_values(people.veritas, roles=["auditor", "steel_producer"])

    response = olga.post(path, values)

    assert "R015 (2.3)" in response.content.decode()
    assert roles_of(people.veritas) == {Role.AUDITOR}


def test_name_and_roles_are_corrected(olga: Client, people: Cast) -> None:
    path = address("organisation_change", people.elektra.pk)
    values = organisation_values(
        people.elektra, name="Elektra Steel Inc", roles=["steel_producer", "iron_producer"]
    )

    olga.post(path, values)

    people.elektra.refresh_from_db()
    assert people.elektra.name == "Elektra Steel Inc"
    assert roles_of(people.elektra) == {Role.STEEL_PRODUCER, Role.IRON_PRODUCER}


@pytest.mark.parametrize("country", ["", "S", "SWE", "1E"])
def test_a_country_has_two_letters(olga: Client, country: str) -> None:
    olga.post(
        address("organisation_add"), {"name": "X", "country": country, "roles": ["intermediary"]}
    )

    assert not Organisation.objects.filter(name="X").exists()


def test_a_member_joins_by_their_address(olga: Client, people: Cast) -> None:
    newcomer = User.objects.create_user("new@example.test", None, name="New")
    values = organisation_values(people.broker)
    values["memberships-2-email"] = "New@example.test"

    olga.post(address("organisation_change", people.broker.pk), values)

    assert is_member(newcomer, people.broker)
    assert newcomer.groups.filter(pk=people.broker.group_id).exists()


@pytest.mark.parametrize(
    ("email", "says"),
    [
        ("nobody@example.test", "Nobody has this address"),
        ("bob@example.test", "They are a member already"),
        ("olga@example.test", "Nobody changes their own memberships"),
    ],
)
def test_who_cannot_join_is_refused(olga: Client, people: Cast, email: str, says: str) -> None:
    values = organisation_values(people.broker)
    values["memberships-2-email"] = email

    response = olga.post(address("organisation_change", people.broker.pk), values)

    assert says in response.content.decode()
    assert people.broker.memberships.count() == 2


def test_a_member_who_leaves_loses_every_right(olga: Client, people: Cast) -> None:
    values = organisation_values(people.broker)
    bob = Membership.objects.get(user=people.bob)
    place = list(people.broker.memberships.order_by("id")).index(bob)
    values[f"memberships-{place}-DELETE"] = "on"

    olga.post(address("organisation_change", people.broker.pk), values)

    assert not is_member(people.bob, people.broker)
    assert not can(people.bob, Right.VIEW, people.broker_account)


def test_an_operator_who_leaves_loses_the_admin(olga: Client, people: Cast) -> None:
    grant_operator_admin(people.oscar)
    values = organisation_values(people.operator)
    oscar = Membership.objects.get(user=people.oscar)
    place = list(people.operator.memberships.order_by("id")).index(oscar)
    values[f"memberships-{place}-DELETE"] = "on"

    olga.post(address("organisation_change", people.operator.pk), values)

    assert not User.objects.get(pk=people.oscar.pk).is_staff


# --- accounts and rights ------------------------------------------------------------------------


def test_an_account_is_opened_with_a_number_of_its_own(olga: Client, people: Cast) -> None:
    olga.post(
        address("account_add"),
        {"organisation": people.broker.pk, "name": "Third", "approval_required": "on"},
    )

    opened = Account.objects.get(name="Third")
    assert opened.organisation == people.broker
    assert opened.number.startswith("AC-")
    assert opened.approval_required


def test_an_account_never_moves_to_another_organisation(olga: Client, people: Cast) -> None:
    values = account_values(people.broker_account, organisation=people.elektra.pk, name="Renamed")

    olga.post(address("account_change", people.broker_account.pk), values)

    people.broker_account.refresh_from_db()
    assert people.broker_account.organisation == people.broker
    assert people.broker_account.name == "Renamed"


def test_a_right_is_given_and_taken(olga: Client, people: Cast) -> None:
    account, rows = people.broker_account, "accountuserobjectpermission_set"
    path = address("account_change", account.pk)
    values = account_values(account)
    last = values[f"{rows}-TOTAL_FORMS"] - 1
    values |= {f"{rows}-{last}-user": people.bea.pk, f"{rows}-{last}-right": "initiate_account"}

    olga.post(path, values)

    assert can(people.bea, Right.INITIATE, account)
    values = account_values(account)
    values |= {f"{rows}-{number}-DELETE": "on" for number in range(values[f"{rows}-INITIAL_FORMS"])}
    olga.post(path, values)
    assert not can(people.bea, Right.INITIATE, account)
    assert not can(people.bob, Right.VIEW, account)


def test_no_right_is_given_to_somebody_outside(olga: Client, people: Cast) -> None:
    account, rows = people.broker_account, "accountuserobjectpermission_set"
    values = account_values(account)
    last = values[f"{rows}-TOTAL_FORMS"] - 1
    values |= {f"{rows}-{last}-user": people.carl.pk, f"{rows}-{last}-right": "view_account"}

    response = olga.post(address("account_change", account.pk), values)

    assert "Select a valid choice" in response.content.decode()
    assert not account.accountuserobjectpermission_set.filter(user=people.carl).exists()


def test_no_operator_gives_rights_to_themselves(olga: Client, people: Cast) -> None:
    account = Account.objects.create(
        organisation=people.operator, number="AC-OWN", name="Should not be"
    )
    rows = "accountuserobjectpermission_set"
    values = account_values(account)
    values |= {f"{rows}-0-user": people.olga.pk, f"{rows}-0-right": "approve_account"}

    response = olga.post(address("account_change", account.pk), values)

    assert "Nobody changes their own memberships and rights" in response.content.decode()
    assert not can(people.olga, Right.APPROVE, account)


# --- people -------------------------------------------------------------------------------------


def test_a_person_is_added_without_a_password(olga: Client) -> None:
    olga.post(address("user_add"), {"email": "Dora@Example.test", "name": "Dora"})

    dora = User.objects.get(email="dora@example.test")
    assert not dora.has_usable_password()
    assert not dora.is_staff


def test_an_address_used_before_is_refused_whatever_its_case(olga: Client, people: Cast) -> None:
    response = olga.post(address("user_add"), {"email": "BOB@example.test", "name": "Bob 2"})

    assert "Somebody has this address already." in response.content.decode()


def test_a_person_is_shut_out_and_keeps_their_address(olga: Client, people: Cast) -> None:
    values = {"email": "olga2@example.test", "name": "Robert", "is_staff": "on"}
    values |= {"memberships-TOTAL_FORMS": "0", "memberships-INITIAL_FORMS": "0"}

    olga.post(address("user_change", people.bob.pk), values)

    bob = User.objects.get(pk=people.bob.pk)
    assert (bob.email, bob.name) == ("bob@example.test", "Robert")
    assert not bob.is_active
    assert not bob.is_staff
    assert bob.has_usable_password()


def test_an_operator_does_not_change_a_superuser(olga: Client) -> None:
    root = User.objects.create_superuser("root@example.test", PASSWORD, name="Root")

    response = olga.post(address("user_change", root.pk), {"name": "Taken"})

    assert response.status_code == 403


# --- all of them --------------------------------------------------------------------------------


@pytest.mark.parametrize("model", ["organisation", "account", "user"])
def test_nothing_that_records_name_is_deleted(people: Cast, client: Client, model: str) -> None:
    User.objects.create_superuser("root@example.test", PASSWORD, name="Root")
    client.login(email="root@example.test", password=PASSWORD)
    target = {"organisation": people.broker, "account": people.broker_account, "user": people.bob}
    path = address(f"{model}_delete", target[model].pk)

    assert client.post(path, {"post": "yes"}).status_code == 403


@pytest.mark.parametrize("model", ["organisation", "account", "user"])
def test_lists_cost_the_same_queries_whatever_they_show(
    olga: Client, people: Cast, model: str, django_assert_max_num_queries: Any
) -> None:
    for number in range(5):
        person(f"Extra{number}", people.broker)

    with django_assert_max_num_queries(12):
        assert olga.get(address(f"{model}_changelist")).status_code == 200


def test_a_page_costs_the_same_queries_whatever_belongs_to_it(
    olga: Client, people: Cast, django_assert_max_num_queries: Any
) -> None:
    for number in range(5):
        each = person(f"Extra{number}", people.broker)
        grant(user=each, account=people.broker_account, rights=set(Right))

    with django_assert_max_num_queries(20):
        olga.get(address("organisation_change", people.broker.pk))
    with django_assert_max_num_queries(20):
        olga.get(address("account_change", people.broker_account.pk))


@pytest.mark.browser
@pytest.mark.django_db(transaction=True)
def test_the_admin_works_under_the_strict_content_security_policy(page: "Page") -> None:
    people = cast()
    grant_operator_admin(people.olga)
    User.objects.create_user("new@example.test", None, name="New")
    page.goto("/admin/")
    page.get_by_label("mail").fill(people.olga.email)
    page.get_by_label("Password", exact=True).fill(PASSWORD)
    page.locator("main button[type=submit]").click()

    page.get_by_role("link", name="Organisations", exact=True).first.click()
    page.get_by_role("link", name="Broker & Sons").click()
    page.get_by_text("Add another Membership").click()
    page.locator("#id_memberships-3-email").fill("new@example.test")
    page.get_by_role("button", name="Save", exact=True).click()

    page.get_by_text("was changed successfully").wait_for()
    assert people.broker.memberships.count() == 3
    for path in (
        "registry/issuance/",
        "registry/entry/",
        "claims/statement/",
        "accounts/user/add/",
    ):
        assert page.goto(f"/admin/{path}").status == 200  # type: ignore[union-attr]
