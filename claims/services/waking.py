"""Waking a worker: a message where one comes through, and the sweep where none does."""

import logging
from datetime import timedelta
from uuid import UUID

from celery import current_app
from kombu.exceptions import OperationalError as BrokerAway

logger = logging.getLogger(__name__)

# A worker that has not been heard of for so long is taken for dead.
SILENCE = timedelta(minutes=2)
# What nobody came back to for so long is put away.
PATIENCE = timedelta(days=7)


def wake(task: str, pk: UUID) -> None:
    """Tell a worker of a row that waits. Where nobody can be told, the sweep finds it."""
    try:
        current_app.send_task(task, args=[str(pk)])
    except (BrokerAway, OSError) as error:
        logger.warning("No worker could be told of %s (%s); the sweep finds it.", task, error)
