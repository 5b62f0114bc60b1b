"""A cache that forgets rather than fails: a request succeeds with Redis down."""

from __future__ import annotations

import functools
import logging
from collections.abc import Callable
from typing import Any

from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

logger = logging.getLogger(__name__)


def _or_else(otherwise: Callable[..., Any], method: Callable[..., Any]) -> Callable[..., Any]:
    @functools.wraps(method)
    def call(*args: Any, **kwargs: Any) -> Any:
        try:
            return method(*args, **kwargs)
        except RedisError as error:
            logger.warning("The cache is not reachable (%s).", error)
            return otherwise(*args, **kwargs)

    return call


class ForgivingRedisCache(RedisCache):
    """Django's Redis cache; what Redis cannot answer counts as not cached."""

    add = _or_else(lambda *_, **__: True, RedisCache.add)
    get = _or_else(lambda _, key, default=None, version=None: default, RedisCache.get)
    set = _or_else(lambda *_, **__: None, RedisCache.set)
    touch = _or_else(lambda *_, **__: False, RedisCache.touch)
    delete = _or_else(lambda *_, **__: False, RedisCache.delete)
    get_many = _or_else(lambda *_, **__: {}, RedisCache.get_many)
    set_many = _or_else(lambda *_, **__: [], RedisCache.set_many)
    delete_many = _or_else(lambda *_, **__: None, RedisCache.delete_many)
    has_key = _or_else(lambda *_, **__: False, RedisCache.has_key)
    incr = _or_else(lambda _, key, delta=1, version=None: delta, RedisCache.incr)
    clear = _or_else(lambda *_, **__: False, RedisCache.clear)
