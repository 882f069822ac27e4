"""A Redis cache that may be missing."""

import logging

from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

log = logging.getLogger(__name__)


def _fail_open(name, fallback):
    """The method ``name`` of the stock backend, answering ``fallback`` when Redis does not."""

    def method(self, *args, **kwargs):
        try:
            return getattr(RedisCache, name)(self, *args, **kwargs)
        except (RedisError, OSError) as error:
            log.warning("The cache does not answer (%s: %s); going on without it.", name, error)
            return fallback(*args, **kwargs)

    method.__name__ = name
    return method


class FailOpenRedisCache(RedisCache):
    """Django's Redis cache, with short timeouts; an error counts as "not in the cache"."""

    def __init__(self, server, params):
        options = params.setdefault("OPTIONS", {})
        options.setdefault("socket_timeout", 0.3)
        options.setdefault("socket_connect_timeout", 0.3)
        super().__init__(server, params)

    add = _fail_open("add", lambda *a, **k: True)
    get = _fail_open("get", lambda key, default=None, *a, **k: default)
    set = _fail_open("set", lambda *a, **k: None)
    touch = _fail_open("touch", lambda *a, **k: False)
    delete = _fail_open("delete", lambda *a, **k: False)
    get_many = _fail_open("get_many", lambda *a, **k: {})
    has_key = _fail_open("has_key", lambda *a, **k: False)
    set_many = _fail_open("set_many", lambda *a, **k: [])
    delete_many = _fail_open("delete_many", lambda *a, **k: None)
    clear = _fail_open("clear", lambda *a, **k: False)
