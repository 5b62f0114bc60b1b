"""Chromium and what drives it: found, or installed where that needs nobody's leave."""

from __future__ import annotations

import functools
import os
import shutil
import subprocess
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# The last is what Playwright's driver needs and a minimal Debian lacks.
PACKAGES = ("chromium", "fonts-liberation", "libatomic1")


def main() -> int:
    """Say nothing where there is nothing to do: the tests themselves say what they leave out."""
    if os.environ.get("BILLET_BROWSER") == "skip" or find_chromium():
        return 0
    apt = _apt_get()
    if apt is not None:
        print("Installing Chromium for the browser tests with apt-get …", flush=True)
        _run([*apt, "update", "-qq"])
        _run([*apt, "install", "-y", "-qq", "--no-install-recommends", *PACKAGES])
        find_chromium.cache_clear()
    if os.environ.get("BILLET_BROWSER") == "required" and not find_chromium():
        print("Chromium could not be installed, and BILLET_BROWSER=required asks for it.")
        return 1
    return 0


@functools.cache
def find_chromium() -> str | None:
    """Its path; None where it or its driver does not run, or BILLET_BROWSER=skip is set."""
    if os.environ.get("BILLET_BROWSER") == "skip":
        return None
    found = next(filter(None, map(shutil.which, NAMES)), None)
    return found if found and _driver_runs() else None


def _driver_runs() -> bool:
    from playwright._impl._driver import compute_driver_executable

    node, *_ = compute_driver_executable()
    try:
        return subprocess.run([node, "--version"], capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def _apt_get() -> list[str] | None:
    if shutil.which("apt-get") is None:
        return None
    if os.geteuid() == 0:
        return ["apt-get"]
    if shutil.which("sudo") is None:
        return None
    asked = subprocess.run(["sudo", "-n", "true"], capture_output=True, check=False)
    return ["sudo", "-n", "apt-get"] if asked.returncode == 0 else None


def _run(command: list[str]) -> None:
    # Through env, as sudo passes on no variables of its own accord.
    at = command.index("apt-get")
    quiet = [*command[:at], "env", "DEBIAN_FRONTEND=noninteractive", *command[at:]]
    done = subprocess.run(quiet, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        lines = (done.stderr or done.stdout).strip().splitlines()
        print(f"{' '.join(command)} failed: {lines[-1] if lines else done.returncode}")


if __name__ == "__main__":
    sys.exit(main())
