"""The web process: any WSGI server's way in."""

from __future__ import annotations

import os

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
os.environ.setdefault("BILLET_PROCESS", "web")

from django.core.wsgi import get_wsgi_application

from config import services

services.ensure()
application = get_wsgi_application()
