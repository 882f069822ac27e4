"""A Redis cache that may be missing."""

import logging
import time

from django.core.cache.backends.locmem import LocMemCache
from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

log = logging.getLogger(__name__)

# The counters of wrong passwords (allauth). They go on in the process's own memory while Redis is
# away: an attacker who can make Redis fail must not get unlimited attempts for it.
COUNTERS = "allauth:"
# After a failure Redis is left alone for this many seconds, so that a page with many look-ups does
# not wait for the time-out of each.
PAUSE = 5


def _fail_open(name, fallback, kept_meanwhile=False):
    """The method ``name`` of the stock backend, answering ``fallback`` when Redis does not.

    ``kept_meanwhile``: counters are then read and written in local memory.
    """

    def method(self, key=None, *args, **kwargs):
        arguments = () if key is None else (key,)
        if time.monotonic() >= self.away_until:
            try:
                return getattr(RedisCache, name)(self, *arguments, *args, **kwargs)
            except (RedisError, OSError) as error:
                self.away_until = time.monotonic() + PAUSE
                log.warning("The cache does not answer (%s); going on without it.", error)
        if kept_meanwhile and isinstance(key, str) and key.startswith(COUNTERS):
            return getattr(self.meanwhile, name)(key, *args, **kwargs)
        return fallback(*arguments, *args, **kwargs)

    method.__name__ = name
    return method


def _unknown_key(key, *args, **kwargs):
    """What Django's backends do when a counter is not in the cache; callers are ready for it."""
    raise ValueError(f"Key {key!r} not found")


class FailOpenRedisCache(RedisCache):
    """Django's Redis cache, with short timeouts; an error counts as "not in the cache"."""

    def __init__(self, server, params):
        options = params.setdefault("OPTIONS", {})
        options.setdefault("socket_timeout", 0.3)
        options.setdefault("socket_connect_timeout", 0.3)
        super().__init__(server, params)
        self.meanwhile = LocMemCache("while-redis-is-away", {"OPTIONS": {"MAX_ENTRIES": 20_000}})

    # One moment for all threads: Django makes one backend object per thread.
    _away = {"until": 0.0}

    @property
    def away_until(self):
        return self._away["until"]

    @away_until.setter
    def away_until(self, moment):
        self._away["until"] = moment

    add = _fail_open("add", lambda *a, **k: True, kept_meanwhile=True)
    get = _fail_open("get", lambda key, default=None, *a, **k: default, kept_meanwhile=True)
    set = _fail_open("set", lambda *a, **k: None, kept_meanwhile=True)
    touch = _fail_open("touch", lambda *a, **k: False, kept_meanwhile=True)
    delete = _fail_open("delete", lambda *a, **k: False, kept_meanwhile=True)
    incr = _fail_open("incr", _unknown_key, kept_meanwhile=True)
    has_key = _fail_open("has_key", lambda *a, **k: False, kept_meanwhile=True)
    get_many = _fail_open("get_many", lambda *a, **k: {})
    set_many = _fail_open("set_many", lambda *a, **k: [])
    delete_many = _fail_open("delete_many", lambda *a, **k: None)
    clear = _fail_open("clear", lambda *a, **k: False)
