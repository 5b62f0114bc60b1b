"""Create .venv and install requirements.lock into it, unless that has been done already.

Runs on whatever Python is on the machine, so it uses the standard library alone.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
LOCK = ROOT / "requirements.lock"
STAMP = VENV / "billet-setup"


def main(arguments: list[str]) -> int:
    with LOCK.open("rb") as lock:
        # Two makes at once: the second waits, then finds everything done.
        fcntl.flock(lock, fcntl.LOCK_EX)
        wanted = hashlib.sha256(lock.read()).hexdigest()
        is_done = STAMP.exists() and STAMP.read_text() == wanted
        # With --is-done it is .venv's own Python that asks, so that one runs.
        if arguments == ["--is-done"]:
            return 0 if is_done else 1
        if is_done and _runs():
            return 0
        if not _runs():
            print("Creating .venv …", flush=True)
            _create_venv()
        print("Installing requirements.lock …", flush=True)
        _install()
        STAMP.write_text(wanted)
    return 0


def _runs() -> bool:
    """Whether .venv's Python is there, and so are the Python and pip behind it."""
    if not PYTHON.exists():
        return False
    tried = subprocess.run([PYTHON, "-c", "import pip"], capture_output=True, check=False)
    return tried.returncode == 0


def _create_venv() -> None:
    if _make_venv():
        return
    # Debian splits the standard library's own installer of pip off into a package.
    if _install_debian_venv() and _make_venv():
        return
    sys.exit(
        "Python has no working venv module: install it "
        f"(on Debian: apt-get install python3.{sys.version_info.minor}-venv)."
    )


def _make_venv() -> bool:
    command = [sys.executable, "-m", "venv", "--clear", str(VENV)]
    return subprocess.run(command, capture_output=True, check=False).returncode == 0


def _install_debian_venv() -> bool:
    apt = shutil.which("apt-get")
    if apt is None or os.geteuid() != 0:
        return False
    package = f"python3.{sys.version_info.minor}-venv"
    print(f"Installing {package} with apt-get …", flush=True)
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for arguments in (["update", "-qq"], ["install", "-y", "-qq", package]):
        done = subprocess.run([apt, *arguments], env=environment, capture_output=True, check=False)
    return done.returncode == 0


def _install() -> None:
    command = [
        *(str(PYTHON), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"),
        *("--require-hashes", "--no-deps", "--requirement", str(LOCK)),
    ]
    if subprocess.run(command, cwd=ROOT, check=False).returncode != 0:
        sys.exit("The dependencies were not installed: see above, then run make again.")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
