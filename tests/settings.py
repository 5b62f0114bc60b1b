"""The settings of tests: the project's own, with what makes many short runs quick."""

from __future__ import annotations

import os

# pytest-xdist numbers its processes gw0, gw1, …; each has a Redis database of its own.
_worker = os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw")
os.environ.setdefault("BILLET_REDIS_DATABASE", str(int(_worker) + 1))
os.environ.setdefault("BILLET_DEBUG", "1")

from config.settings import *  # noqa: E402, F403
from config.settings import DATABASES, RUN_DIR, STATIC_ROOT  # noqa: E402

DEBUG = False
ALLOWED_HOSTS = ["*"]
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
# WhiteNoise warns of a directory that is not there; static files come from their sources.
WHITENOISE_AUTOREFRESH = True
STATIC_ROOT.mkdir(exist_ok=True)
MEDIA_ROOT = RUN_DIR / "test-media" / _worker
LOG_ROOT = RUN_DIR / "test-log" / _worker
ACCOUNT_RATE_LIMITS = False
# A live server's threads and the test each hold connections; none may outlive its test.
DATABASES["default"]["CONN_HEALTH_CHECKS"] = False
