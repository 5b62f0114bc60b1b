"""Who may: rights in accounts, membership, and an engagement that opens one thing only."""

import pytest
from django.contrib.auth.models import AnonymousUser

from accounts.errors import NotVisible, Refused
from accounts.models import User
from accounts.permissions import (
    Right,
    accounts_with,
    can,
    close_to,
    grant,
    has_object,
    is_member,
    is_operator,
    open_to,
    organisations_of,
    require,
    require_initiator,
    require_member,
    require_operator,
    revoke,
    roles_of,
    roles_of_user,
)
from accounts.roles import Role
from accounts.services import add_member, remove_member
from registry.models import Production
from registry.services.productions import VERIFY
from tests import cast as made
from tests.cast import Cast, cast, person

pytestmark = pytest.mark.django_db


@pytest.fixture(scope="module")
def people(shared_database: None) -> Cast:
    return cast()


@pytest.fixture(scope="module")
def productions(people: Cast) -> tuple[Production, Production]:
    first = made.production(people)
    return first, made.production(people, at=first.site)


def again(user: User) -> User:
    return User.objects.get(pk=user.pk)


# --- rights in an account ------------------------------------------------------------------------


def test_a_member_has_the_rights_given_and_no_others(people: Cast) -> None:
    assert can(people.alice, Right.INITIATE, people.iron_account)
    assert not can(people.alice, Right.APPROVE, people.iron_account)
    assert not can(people.anton, Right.INITIATE, people.iron_account)


def test_a_right_in_one_account_is_none_in_another(people: Cast) -> None:
    assert can(people.bob, Right.APPROVE, people.broker_desk)
    assert not can(people.bob, Right.APPROVE, people.broker_account)
    assert not can(people.bob, Right.VIEW, people.iron_account)


def test_the_right_to_start_is_not_the_right_to_approve(people: Cast) -> None:
    require(people.bea, Right.APPROVE, people.broker_desk)
    with pytest.raises(Refused):
        require(people.bea, Right.INITIATE, people.broker_desk)


def test_outsiders_do_not_learn_that_an_account_exists(people: Cast) -> None:
    with pytest.raises(NotVisible):
        require(people.bob, Right.VIEW, people.iron_account)


def test_a_refusal_names_the_right_and_the_way_out(people: Cast) -> None:
    with pytest.raises(Refused) as refusal:
        require(people.anton, Right.INITIATE, people.iron_account)
    assert people.iron_account.number in refusal.value.found
    assert refusal.value.allowed
    assert "administrator" in refusal.value.action


def test_a_right_taken_away_is_gone_at_once(people: Cast) -> None:
    revoke(user=people.alice, account=people.iron_account, rights={Right.INITIATE})
    assert not can(people.alice, Right.INITIATE, people.iron_account)
    assert can(people.alice, Right.VIEW, people.iron_account)


def test_rights_are_for_members_only(people: Cast) -> None:
    with pytest.raises(Refused):
        grant(user=people.bob, account=people.iron_account, rights={Right.VIEW})
    assert not can(people.bob, Right.VIEW, people.iron_account)


def test_a_right_without_membership_is_worth_nothing(people: Cast) -> None:
    """Even if the grant were left behind."""
    people.alice.memberships.all().delete()
    assert not can(people.alice, Right.INITIATE, people.iron_account)
    with pytest.raises(NotVisible):
        require(people.alice, Right.INITIATE, people.iron_account)


def test_who_leaves_loses_every_right_for_good(people: Cast) -> None:
    remove_member(user=people.alice, organisation=people.nordmetall)
    assert not is_member(people.alice, people.nordmetall)
    add_member(user=people.alice, organisation=people.nordmetall)
    assert not can(people.alice, Right.VIEW, people.iron_account)


def test_who_leaves_one_organisation_keeps_the_other(people: Cast) -> None:
    add_member(user=people.alice, organisation=people.broker)
    grant(user=people.alice, account=people.broker_account, rights={Right.VIEW})
    remove_member(user=people.alice, organisation=people.nordmetall)
    assert can(people.alice, Right.VIEW, people.broker_account)


def test_an_inactive_person_may_nothing(people: Cast) -> None:
    User.objects.filter(pk=people.alice.pk).update(is_active=False)
    alice = again(people.alice)
    assert not can(alice, Right.VIEW, people.iron_account)
    assert not accounts_with(alice, Right.VIEW).exists()
    assert not organisations_of(alice).exists()
    assert roles_of_user(alice) == frozenset()
    with pytest.raises(NotVisible):
        require(alice, Right.VIEW, people.iron_account)
    with pytest.raises(NotVisible):
        require_initiator(alice, people.nordmetall)


def test_nobody_signed_in_may_nothing(people: Cast) -> None:
    nobody = AnonymousUser()
    assert not can(nobody, Right.VIEW, people.iron_account)
    assert not accounts_with(nobody, Right.VIEW).exists()
    assert not organisations_of(nobody).exists()
    assert not is_operator(nobody)
    assert roles_of_user(nobody) == frozenset()
    with pytest.raises(NotVisible):
        require_member(nobody, people.nordmetall)


@pytest.mark.parametrize("right", list(Right))
def test_a_superuser_has_no_rights_in_accounts_but_those_given(people: Cast, right: Right) -> None:
    User.objects.filter(pk=people.anton.pk).update(is_superuser=True, is_staff=True)
    anton = again(people.anton)
    assert can(anton, right, people.iron_account) == (right is Right.VIEW)
    assert not can(anton, right, people.broker_account)


def test_the_accounts_with_a_right_are_those_where_it_was_given(people: Cast) -> None:
    assert set(accounts_with(people.bob, Right.INITIATE)) == {
        people.broker_account,
        people.broker_desk,
    }
    assert set(accounts_with(people.bob, Right.APPROVE)) == {people.broker_desk}
    assert not accounts_with(people.anton, Right.INITIATE).exists()


def test_a_starter_may_start_in_some_account(people: Cast) -> None:
    require_initiator(people.alice, people.nordmetall)
    with pytest.raises(Refused):
        require_initiator(people.anton, people.nordmetall)
    with pytest.raises(NotVisible):
        require_initiator(people.alice, people.elektra)


# --- organisations and roles ---------------------------------------------------------------------


def test_roles_are_the_organisations(people: Cast) -> None:
    assert roles_of(people.nordmetall) == {Role.IRON_PRODUCER}
    assert roles_of_user(people.alice) == {Role.IRON_PRODUCER}


def test_who_acts_for_two_organisations_has_the_roles_of_both(people: Cast) -> None:
    add_member(user=people.alice, organisation=people.broker)
    assert roles_of_user(people.alice) == {Role.IRON_PRODUCER, Role.INTERMEDIARY}


def test_operators_are_the_members_of_the_operator(people: Cast) -> None:
    require_operator(people.olga)
    with pytest.raises(Refused):
        require_operator(people.alice)
    User.objects.filter(pk=people.olga.pk).update(is_active=False)
    assert not is_operator(again(people.olga))


def test_a_superuser_is_no_operator(people: Cast) -> None:
    User.objects.filter(pk=people.alice.pk).update(is_superuser=True)
    assert not is_operator(again(people.alice))


# --- one object -----------------------------------------------------------------------------------


def test_an_engagement_opens_one_production_to_all_of_the_auditor_and_closes_again(
    people: Cast, productions: tuple[Production, Production]
) -> None:
    one, other = productions
    viktor = person("Viktor", people.veritas)
    open_to(people.veritas, VERIFY, one)
    assert [has_object(user, VERIFY, one) for user in (people.vera, viktor)] == [True, True]
    assert not has_object(people.vera, VERIFY, other)
    assert not has_object(people.alice, VERIFY, one)
    close_to(people.veritas, VERIFY, one)
    assert not has_object(people.vera, VERIFY, one)


def test_who_leaves_the_auditor_loses_what_is_open_to_it(
    people: Cast, productions: tuple[Production, Production]
) -> None:
    open_to(people.veritas, VERIFY, productions[0])
    remove_member(user=people.vera, organisation=people.veritas)
    assert not has_object(again(people.vera), VERIFY, productions[0])


def test_what_is_opened_twice_is_closed_once(
    people: Cast, productions: tuple[Production, Production]
) -> None:
    open_to(people.veritas, VERIFY, productions[0])
    open_to(people.veritas, VERIFY, productions[0])
    close_to(people.veritas, VERIFY, productions[0])
    assert not has_object(people.vera, VERIFY, productions[0])


def test_an_inactive_auditor_sees_nothing_that_is_open(
    people: Cast, productions: tuple[Production, Production]
) -> None:
    open_to(people.veritas, VERIFY, productions[0])
    User.objects.filter(pk=people.vera.pk).update(is_active=False)
    assert not has_object(again(people.vera), VERIFY, productions[0])
