"""Two checkouts never serve on one port."""

from __future__ import annotations

import socket

import pytest

from config.ports import claim_port
from config.services import ServiceError

HOST = "127.0.0.1"


def test_a_port_in_use_is_passed_over() -> None:
    with socket.create_server((HOST, 0)) as server:
        taken = server.getsockname()[1]

        with claim_port(HOST, taken) as port:
            assert taken < port < taken + 50


def test_a_claimed_port_is_passed_over_before_anybody_listens() -> None:
    with claim_port(HOST, 23000) as first, claim_port(HOST, first) as second:
        assert second != first


def test_no_free_port_is_told_in_one_line() -> None:
    with pytest.raises(ServiceError, match="set PORT to another"), claim_port(HOST, 65536):
        pass
