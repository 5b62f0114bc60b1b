"""The system's Chromium: Playwright's own download is neither needed nor asked for."""

from __future__ import annotations

import os
import shutil

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def find_chromium() -> str | None:
    """Its path, or None where there is none or BILLET_BROWSER=skip leaves it alone."""
    if os.environ.get("BILLET_BROWSER") == "skip":
        return None
    return next(filter(None, map(shutil.which, NAMES)), None)
