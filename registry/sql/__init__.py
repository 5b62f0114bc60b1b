"""The ledger's SQL, in readable files. Migrations install it; `ledger.py` calls it."""

from pathlib import Path


def sql(name: str) -> str:
    """The text of one file of this folder, or of all files of one folder in it, in their order."""
    path = Path(__file__).parent / name
    files = sorted(path.glob("*.sql")) if path.is_dir() else [path.with_suffix(".sql")]
    return "\n\n".join(file.read_text(encoding="utf-8") for file in files)
