"""Setting up organisations, accounts and people."""

import re

import pytest
from django.db import IntegrityError, transaction

from accounts.errors import Refused
from accounts.models import Account, Organisation, User
from accounts.permissions import Right, can, roles_of
from accounts.roles import Role
from accounts.services import (
    add_member,
    open_account,
    public_code,
    register_organisation,
    remove_member,
)
from tests.support.refusals import refused

pytestmark = pytest.mark.django_db

ALONE = (Role.AUDITOR, Role.OPERATOR)


def user(name: str) -> User:
    return User.objects.create_user(f"{name}@example.test", "correct horse", name=name)


def producer(name: str = "Producer") -> Organisation:
    return register_organisation(name=name, country="SE", roles={Role.IRON_PRODUCER})


def test_an_organisation_has_its_roles_and_a_group() -> None:
    both = register_organisation(
        name="Both", country="SE", roles={Role.IRON_PRODUCER, Role.STEEL_PRODUCER}
    )
    assert roles_of(both) == {Role.IRON_PRODUCER, Role.STEEL_PRODUCER}
    assert str(both.pk) in both.group.name


@pytest.mark.parametrize("alone", ALONE)
@pytest.mark.parametrize("other", [role for role in Role if role not in ALONE])
def test_auditor_and_operator_have_no_other_role(alone: Role, other: Role) -> None:
    with refused(Refused) as refusal:
        register_organisation(name="Odd", country="SE", roles={alone, other})
    assert refusal.value.rule == "R015"


def test_an_organisation_has_at_least_one_role() -> None:
    with refused(Refused):
        register_organisation(name="Nobody", country="SE", roles=set())


def test_an_organisations_name_is_taken_once() -> None:
    producer()
    with pytest.raises(IntegrityError), transaction.atomic():
        producer()


def test_a_member_joins_the_organisations_group_once() -> None:
    organisation, alice = producer(), user("alice")
    assert add_member(user=alice, organisation=organisation) == add_member(
        user=alice, organisation=organisation
    )
    assert list(alice.groups.all()) == [organisation.group]


def test_who_leaves_leaves_the_group_too() -> None:
    organisation, alice = producer(), user("alice")
    add_member(user=alice, organisation=organisation)
    remove_member(user=alice, organisation=organisation)
    assert not alice.groups.exists()
    remove_member(user=alice, organisation=organisation)


def test_an_account_has_a_public_number_and_its_members_rights() -> None:
    organisation, alice = producer(), user("alice")
    add_member(user=alice, organisation=organisation)
    account = open_account(organisation=organisation, name="Iron", rights={alice: {Right.VIEW}})
    assert re.fullmatch(r"AC-[0-9A-Z]{8}", account.number)
    assert can(alice, Right.VIEW, account)
    assert not account.approval_required


def test_an_account_gives_no_rights_to_outsiders_and_is_then_not_opened() -> None:
    organisation, stranger = producer(), user("stranger")
    with refused(Refused):
        open_account(organisation=organisation, name="Iron", rights={stranger: {Right.VIEW}})
    assert not Account.objects.exists()


def test_a_code_is_easy_to_read_aloud() -> None:
    codes = {public_code() for _ in range(200)}
    assert len(codes) == 200
    assert not set("".join(codes)) & set("ILOU")


def test_people_sign_in_by_an_address_in_lower_case() -> None:
    made = User.objects.create_user("Alice@Example.TEST", "correct horse", name="Alice")
    assert made.email == "alice@example.test"
    with pytest.raises(ValueError, match="address"):
        User.objects.create_user("", "correct horse")
