"""Celery: a task is a wake-up call, and the rows in the database are the truth.

So publishing gives up quickly, nothing is scheduled by ETA or countdown, and every
task on the schedule is safe to run twice or to miss for days.
"""

from __future__ import annotations

import os

from celery import Celery
from celery.schedules import crontab
from django.conf import settings

from config import services

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("billet")
app.conf.update(
    broker_url=services.broker_url(settings.REDIS_DATABASE),
    broker_connection_timeout=1,
    broker_connection_retry_on_startup=True,
    # A frozen Redis once held a publisher for 90 seconds.
    broker_transport_options={"socket_timeout": 1, "socket_connect_timeout": 1, "max_retries": 0},
    task_publish_retry=False,
    task_acks_late=True,
    task_reject_on_worker_lost=True,
    task_ignore_result=True,
    task_time_limit=600,
    task_soft_time_limit=540,
    task_serializer="json",
    accept_content=["json"],
    worker_prefetch_multiplier=1,
    worker_hijack_root_logger=False,
    timezone="UTC",
    enable_utc=True,
    beat_schedule_filename=str(settings.RUN_DIR / "beat-schedule"),
    beat_schedule={
        "sequence the log": {
            "task": "registry.tasks.sequence_log",
            "schedule": 10.0,
            # What waits longer than that has been overtaken by the next.
            "options": {"expires": 10},
        },
        "audit the log": {
            "task": "registry.tasks.audit_log",
            "schedule": crontab(minute="30", hour="3"),
        },
        "sweep verification deadlines": {
            "task": "registry.tasks.sweep_verification_deadlines",
            "schedule": crontab(minute="5", hour="0"),
        },
        "sweep vintage expiry": {
            "task": "registry.tasks.sweep_vintage_expiry",
            "schedule": crontab(minute="10", hour="0"),
        },
        "sweep retirements": {"task": "registry.tasks.sweep_retirements", "schedule": 60.0},
        "send notices": {"task": "registry.tasks.send_notices", "schedule": 60.0},
        "sweep imports": {
            "task": "claims.tasks.sweep_imports",
            "schedule": 15.0,
            "options": {"expires": 15},
        },
        "sweep jobs": {
            "task": "claims.tasks.sweep_jobs",
            "schedule": 15.0,
            "options": {"expires": 15},
        },
        "sweep co-claims": {
            "task": "registry.tasks.sweep_co_claims",
            "schedule": crontab(minute="15", hour="0"),
        },
        "sweep offers": {
            "task": "registry.tasks.sweep_offers",
            "schedule": crontab(minute="0"),
        },
    },
)
app.autodiscover_tasks()
