"""Programs: an access token of a client acts as the user that the client was registered for."""

from typing import Any

from oauth2_provider.oauth2_validators import OAuth2Validator
from oauthlib.common import Request as Asked  # type: ignore[import-untyped]  # it has no types
from rest_framework.authentication import BaseAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from accounts.models import User


class Validator(OAuth2Validator):
    """Binds client-credentials tokens, which belong to no user, to their application's.

    Bound when the token is used, not when it is made: a client handed to somebody else, or a
    user who has left, takes effect at once.
    """

    def validate_bearer_token(self, token: str, scopes: list[str], request: Any) -> bool:
        if not super().validate_bearer_token(token, scopes, request):
            return False
        if request.user is None and request.client is not None:
            request.user = request.client.user
        return isinstance(request.user, User) and request.user.is_active


class BearerAuthentication(BaseAuthentication):
    """`Authorization: Bearer …`, and in no other place: not in a query, not in a body (RFC 9700).

    A token that is wrong or has expired is refused everywhere, so that its client learns of it.
    """

    def authenticate(self, request: Request) -> tuple[User, Any] | None:
        scheme, _, token = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            return None
        asked = Asked(request.build_absolute_uri(request.path), str(request.method), None, {})
        if not Validator().validate_bearer_token(token.strip(), [], asked):
            raise AuthenticationFailed("The access token is not valid, or not any more.")
        return asked.user, asked.access_token

    def authenticate_header(self, request: Request) -> str:
        wrong = ', error="invalid_token"' if "Authorization" in request.headers else ""
        return f'Bearer realm="api"{wrong}'
