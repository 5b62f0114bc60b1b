"""Write requirements.lock anew: newest versions that pyproject.toml allows, with hashes."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent


def main() -> None:
    with tempfile.TemporaryDirectory() as temporary:
        venv.create(temporary, with_pip=True)
        python = Path(temporary) / "bin" / "python"
        subprocess.run([python, "-m", "pip", "install", "--quiet", "uv"], check=True)
        subprocess.run(
            [
                *(Path(temporary) / "bin" / "uv", "pip", "compile", "pyproject.toml"),
                *("--extra", "dev", "--universal", "--python-version", "3.11"),
                *("--generate-hashes", "--no-header", "--no-emit-index-url", "--quiet"),
                *("--upgrade", "--output-file", "requirements.lock"),
            ],
            cwd=ROOT,
            stdout=subprocess.DEVNULL,
            check=True,
        )
    print("requirements.lock is written: run make test, then commit it.", file=sys.stderr)


if __name__ == "__main__":
    main()
