"""The log: its newest checkpoint, and the proof of a retirement. The tiles are files of `/log/`."""

import json
from pathlib import Path
from typing import Any

from django.conf import settings
from rest_framework import serializers
from rest_framework.exceptions import NotFound
from rest_framework.request import Request
from rest_framework.response import Response

from accounts.access import Access
from accounts.rest.endpoints import Endpoint
from accounts.rest.schema import operation
from registry.log.folder import CHECKPOINT, KEY
from registry.log.proof import proof_path
from registry.queries import newest_checkpoint


class CheckpointSerializer(serializers.Serializer[Any]):
    size = serializers.IntegerField(help_text="Events in the log.", allow_null=True)
    signed_at = serializers.DateTimeField(allow_null=True)
    checkpoint = serializers.CharField(help_text="A signed note, C2SP tlog-checkpoint.")
    key = serializers.CharField(help_text="The public key, name+id+base64.")


class ProvenEventSerializer(serializers.Serializer[Any]):
    number = serializers.CharField(help_text="The leaf's number, from 0.")
    event = serializers.CharField(help_text="Canonical JSON, RFC 8785.")
    path = serializers.ListField(child=serializers.CharField(), help_text="Hashes, base64.")


class ProofSerializer(serializers.Serializer[Any]):
    format = serializers.CharField()
    retirement = serializers.CharField()
    checkpoint = serializers.CharField()
    events = ProvenEventSerializer(many=True)


class LogCheckpoints(Endpoint):
    access = Access.PUBLIC

    @operation("read_log_checkpoint", answer=CheckpointSerializer)
    def get(self, request: Request) -> Response:
        """What was signed last; empty while nothing was."""
        newest = newest_checkpoint()
        found = {
            "size": newest.size if newest else None,
            "signed_at": newest.at if newest else None,
            "checkpoint": _file(CHECKPOINT) or "",
            "key": (_file(KEY) or "").strip(),
        }
        return Response(CheckpointSerializer(found).data)


class RetirementProof(Endpoint):
    access = Access.PUBLIC

    @operation("read_retirement_proof", answer=ProofSerializer)
    def get(self, request: Request, code: str) -> Response:
        """A retirement's events with their way to a signed root, some seconds after it is final."""
        text = _file(proof_path(code)) if code.isascii() and code.isalnum() else None
        if text is None:
            raise NotFound("The log has no proof of this retirement (yet).")
        return Response(ProofSerializer(json.loads(text)).data)


def _file(path: str) -> str | None:
    try:
        return Path(settings.LOG_ROOT, path).read_text("utf-8")
    except FileNotFoundError:
        return None
