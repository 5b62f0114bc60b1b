"""Organisations with roles, their accounts, and the people who act for them."""

from typing import Any, ClassVar

import pghistory
import pgtrigger
from django.contrib.auth.base_user import AbstractBaseUser, BaseUserManager
from django.contrib.auth.models import Group, PermissionsMixin
from django.db import models
from django.utils import timezone
from guardian.models import GroupObjectPermissionBase, UserObjectPermissionBase

from accounts.ids import uuid7
from accounts.roles import Role


class UserManager(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> "User":
        if not email:
            raise ValueError("a user needs an e-mail address")
        user = self.model(email=self.normalize_email(email).lower(), **fields)
        user.set_password(password)
        user.save(using=self._db)
        return user

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> "User":
        return self.create_user(email, password, is_staff=True, is_superuser=True, **fields)


class User(AbstractBaseUser, PermissionsMixin):
    """A person. Signs in by e-mail; acts for the organisations they are a member of."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    email = models.EmailField("e-mail address", unique=True)
    name = models.CharField(max_length=200)
    is_staff = models.BooleanField("may open the admin", default=False)
    is_active = models.BooleanField(default=True)
    joined_at = models.DateTimeField(default=timezone.now, editable=False)

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]

    objects: ClassVar[UserManager] = UserManager()

    def __str__(self) -> str:
        return self.name or self.email

    def get_full_name(self) -> str:
        return self.name

    def get_short_name(self) -> str:
        return self.name


@pghistory.track()
class Organisation(models.Model):
    """A legal entity with one or more roles (2.3). group: carries its object grants."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    name = models.CharField(max_length=200, unique=True)
    country = models.CharField("country (ISO 3166-1 alpha-2)", max_length=2)
    registered_as = models.CharField("legal identifier", max_length=100, blank=True)
    is_demonstration = models.BooleanField(default=False)
    group = models.OneToOneField(Group, on_delete=models.PROTECT, related_name="organisation")

    def __str__(self) -> str:
        return self.name


class OrganisationRole(models.Model):
    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="role_rows"
    )
    role = models.CharField(max_length=20, choices=[(role.value, role.label) for role in Role])

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["organisation", "role"], name="an_organisation_has_a_role_once"
            )
        ]

    def __str__(self) -> str:
        return self.role


class Membership(models.Model):
    """A person acts for an organisation; what they may do in its accounts is granted apart."""

    user = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    organisation = models.ForeignKey(
        Organisation, on_delete=models.CASCADE, related_name="memberships"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["user", "organisation"], name="a_user_is_a_member_once")
        ]

    def __str__(self) -> str:
        return f"{self.user} for {self.organisation}"


@pghistory.track()
class Account(models.Model):
    """Where an organisation holds units.

    number: the public name, "AC-7K3QF9ZT". approval_required: a transfer out of it waits for a
    second person.
    """

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    organisation = models.ForeignKey(
        Organisation, on_delete=models.PROTECT, related_name="accounts"
    )
    number = models.CharField(max_length=16, unique=True)
    name = models.CharField(max_length=100)
    approval_required = models.BooleanField("a second person approves", default=False)

    class Meta:
        permissions = [
            ("initiate_account", "may start transfers, retirements and issuances"),
            ("approve_account", "may approve what another person started"),
        ]
        triggers = [
            # The ledger's entries name accounts without a foreign key.
            pgtrigger.Protect(
                name="an_account_is_never_deleted",
                operation=pgtrigger.Delete | pgtrigger.UpdateOf("id"),
            )
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.name}"


class AccountBlock(models.Model):
    """Nothing leaves or enters this account until the operator lifts the block."""

    id = models.UUIDField(primary_key=True, default=uuid7, editable=False)
    account = models.ForeignKey(Account, on_delete=models.PROTECT, related_name="blocks")
    reason = models.TextField()
    at = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True, blank=True)
    lifted_by = models.ForeignKey(
        User, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["account"],
                condition=models.Q(lifted_at__isnull=True),
                name="an_account_is_blocked_once_at_a_time",
            ),
            models.CheckConstraint(
                name="somebody_lifts_a_block",
                condition=models.Q(lifted_at__isnull=True, lifted_by__isnull=True)
                | models.Q(lifted_at__isnull=False, lifted_by__isnull=False),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.account}: {self.reason}"


class AccountUserObjectPermission(UserObjectPermissionBase):
    """A person's right in one account, by a plain foreign key: one index, no content types."""

    content_object = models.ForeignKey(Account, on_delete=models.CASCADE)


class AccountGroupObjectPermission(GroupObjectPermissionBase):
    content_object = models.ForeignKey(Account, on_delete=models.CASCADE)
