"""A client of the programming interface: signed in as a person, or with an access token.

alice = Program.of(people.alice)
made = alice.post("sites/", {...})
"""

import json
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import uuid4

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.utils import timezone
from oauth2_provider.models import get_access_token_model, get_application_model

from accounts.models import User

ROOT = "/api/v1/"
SECRET = "a secret that only the client knows"


@dataclass
class Answer:
    """status, the decoded body, and the headers of a response."""

    status: int
    body: Any
    headers: Any
    text: str

    @property
    def findings(self) -> list[str]:
        """The rules that fail."""
        return [each["rule"] for each in self.body["findings"] if each["outcome"] == "fail"]


class Program:
    def __init__(self, **headers: str) -> None:
        self.client = Client(headers=headers)

    @classmethod
    def of(cls, user: User) -> "Program":
        """In a session, as a browser has one."""
        program = cls()
        program.client.force_login(user)
        return program

    @classmethod
    def with_token(cls, user: User, scope: str = "read write") -> "Program":
        """By client credentials, asked for at the token endpoint."""
        client = oauth_client(user)
        answer = Client().post(
            "/o/token/",
            {"grant_type": "client_credentials", "scope": scope},
            headers={"Authorization": basic(client.client_id, SECRET)},
        )
        assert answer.status_code == 200, answer.content
        return cls(Authorization=f"Bearer {answer.json()['access_token']}")

    def get(self, address: str, **query: Any) -> Answer:
        return _answer(self.client.get(_full(address), query))

    def post(self, address: str, body: Any = None, **options: Any) -> Answer:
        return self.send("POST", address, {} if body is None else body, **options)

    def put(self, address: str, body: Any, **options: Any) -> Answer:
        return self.send("PUT", address, body, **options)

    def patch(self, address: str, body: Any, **options: Any) -> Answer:
        return self.send("PATCH", address, body, **options)

    def delete(self, address: str, **options: Any) -> Answer:
        return self.send("DELETE", address, {}, **options)

    def send(
        self,
        method: str,
        address: str,
        body: Any,
        *,
        key: str | None = None,
        content_type: str = "application/json",
    ) -> Answer:
        """body: text or bytes are sent as they are, anything else as JSON."""
        raw = body if isinstance(body, str | bytes) else json.dumps(body)
        headers = {"Idempotency-Key": str(uuid4()) if key is None else key}
        return _answer(
            self.client.generic(method, _full(address), raw, content_type, headers=headers)
        )

    def upload(
        self, address: str, name: str, content: bytes, *, key: str | None = None, **fields: str
    ) -> Answer:
        file = SimpleUploadedFile(name, content)
        headers = {"Idempotency-Key": str(uuid4()) if key is None else key}
        return _answer(self.client.post(_full(address), {**fields, "file": file}, headers=headers))


def oauth_client(user: User | None, **values: Any) -> Any:
    """A client registered for a person, as an operator does it in the admin."""
    return get_application_model().objects.create(
        name=f"{user}'s program",
        user=user,
        client_type="confidential",
        authorization_grant_type="client-credentials",
        client_secret=SECRET,
        **values,
    )


def access_token(user: User, *, scope: str = "read write", minutes: int = 60) -> str:
    """A token made without asking for it, also one that has expired."""
    text = uuid4().hex
    get_access_token_model().objects.create(
        application=oauth_client(user),
        token=text,
        scope=scope,
        expires=timezone.now() + timedelta(minutes=minutes),
    )
    return text


def basic(name: str, secret: str) -> str:
    from base64 import b64encode

    return f"Basic {b64encode(f'{name}:{secret}'.encode()).decode()}"


def _full(address: str) -> str:
    return address if address.startswith("/") else ROOT + address


def _answer(response: Any) -> Answer:
    if response.streaming:
        content = b"".join(response.streaming_content)
        return Answer(response.status_code, content, response.headers, "")
    text = response.content.decode()
    is_json = "json" in response.headers.get("Content-Type", "")
    body = json.loads(text) if text and is_json else text
    return Answer(response.status_code, body, response.headers, text)
