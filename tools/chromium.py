"""Install Chromium for the browser tests where that is possible without asking anybody."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
PACKAGES = ("chromium", "fonts-liberation")


def main() -> int:
    """Say nothing where there is nothing to do: the tests themselves say what they leave out."""
    if os.environ.get("BILLET_BROWSER") == "skip" or any(map(shutil.which, NAMES)):
        return 0
    apt = _apt_get()
    if apt is not None:
        print("Installing Chromium for the browser tests with apt-get …", flush=True)
        _run([*apt, "update", "-qq"])
        _run([*apt, "install", "-y", "-qq", "--no-install-recommends", *PACKAGES])
    if os.environ.get("BILLET_BROWSER") == "required" and not any(map(shutil.which, NAMES)):
        print("Chromium could not be installed, and BILLET_BROWSER=required asks for it.")
        return 1
    return 0


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
    environment = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    done = subprocess.run(command, env=environment, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        lines = (done.stderr or done.stdout).strip().splitlines()
        print(f"{' '.join(command)} failed: {lines[-1] if lines else done.returncode}")


if __name__ == "__main__":
    sys.exit(main())
