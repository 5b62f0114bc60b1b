"""Forms of the operator's admin. They check shape, and say a refusal before it is raised."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import HttpRequest

from accounts.errors import Refused
from accounts.models import (
    Account,
    AccountUserObjectPermission,
    Membership,
    Organisation,
    User,
)
from accounts.permissions import Right, is_member, roles_of
from accounts.roles import Role
from accounts.services import require_combination

OWN_AFFAIRS = "Nobody changes their own memberships and rights: ask another operator."


class OrganisationForm(forms.ModelForm):
    roles = forms.MultipleChoiceField(
        choices=[(role.value, role.label) for role in Role],
        widget=forms.CheckboxSelectMultiple,
        help_text="Section 2.3. Auditor and operator combine with no other role.",
    )

    class Meta:
        model = Organisation
        fields = ("name", "country", "registered_as", "is_demonstration")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if self.instance._state.adding is False:
            self.initial["roles"] = [role.value for role in roles_of(self.instance)]

    def clean_country(self) -> str:
        code = str(self.cleaned_data["country"]).strip().upper()
        if len(code) != 2 or not code.isascii() or not code.isalpha():
            raise ValidationError("Two letters of ISO 3166-1, such as SE.")
        return code

    def clean_roles(self) -> set[Role]:
        roles = {Role(value) for value in self.cleaned_data["roles"]}
        try:
            require_combination(frozenset(roles))
        except Refused as refused:
            raise ValidationError(str(refused)) from refused
        return roles


class PersonForm(forms.ModelForm):
    class Meta:
        model = User
        fields = ("email", "name")

    def clean_email(self) -> str:
        email = User.objects.normalize_email(self.cleaned_data["email"]).lower()
        if User.objects.filter(email=email).exclude(pk=self.instance.pk).exists():
            raise ValidationError("Somebody has this address already.")
        return email


class _OfOthers(forms.ModelForm):
    """A form that nobody may use on themselves. request: set by the inline that shows it."""

    request: HttpRequest

    def refuse_own(self, user: User) -> User:
        acting: Any = self.request.user
        if user.pk == acting.pk and not acting.is_superuser:
            raise ValidationError(OWN_AFFAIRS)
        return user


class MembershipForm(_OfOthers):
    email = forms.EmailField(label="E-mail address of the person")

    class Meta:
        model = Membership
        fields = ()

    def clean_email(self) -> User:
        email = str(self.cleaned_data["email"]).lower()
        found = User.objects.filter(email=email).first()
        if found is None:
            raise ValidationError("Nobody has this address. Add the person first.")
        if is_member(found, self.instance.organisation):
            raise ValidationError("They are a member already.")
        return self.refuse_own(found)


class RightForm(_OfOthers):
    user = forms.ModelChoiceField(queryset=User.objects.none(), label="Member")
    right = forms.ChoiceField(
        choices=[
            (Right.VIEW.value, "may see it"),
            (Right.INITIATE.value, "may start transfers, retirements and issuances"),
            (Right.APPROVE.value, "may approve what another person started"),
        ]
    )

    class Meta:
        model = AccountUserObjectPermission
        fields = ("user",)

    def __init__(self, *args: Any, account: Account | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if account is not None:
            members = User.objects.filter(memberships__organisation=account.organisation_id)
            choice: Any = self.fields["user"]
            choice.queryset = members.order_by("name")

    def clean_user(self) -> User:
        return self.refuse_own(self.cleaned_data["user"])
