"""The ledger's SQL, in readable files. Migrations install it; `ledger.py` calls it."""

from pathlib import Path


def sql(name: str) -> str:
    """The text of one file of this folder."""
    return (Path(__file__).parent / f"{name}.sql").read_text(encoding="utf-8")
