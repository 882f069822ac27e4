"""A Redis that is away costs time, never a page; wrong passwords are counted all the same."""

import time

import pytest

from mia_site.cache import FailOpenRedisCache


@pytest.fixture
def away(monkeypatch):
    monkeypatch.setitem(FailOpenRedisCache._away, "until", 0.0)
    cache = FailOpenRedisCache("redis://127.0.0.1:1/0", {})
    yield cache
    cache.meanwhile.clear()


def test_every_word_of_the_cache_answers(away):
    assert away.get("a") is None
    assert away.get("a", "default") == "default"
    assert away.set("a", 1) is None
    assert away.add("a", 1) is True
    assert away.get_or_set("a", lambda: 7) == 7
    assert away.get_many(["a", "b"]) == {}
    assert away.set_many({"a": 1}) == []
    assert away.delete("a") is False
    assert away.delete_many(["a"]) is None
    assert away.touch("a") is False
    assert away.has_key("a") is False
    assert "a" not in away
    assert away.clear() is False
    for word in ("incr", "decr", "incr_version"):
        with pytest.raises(ValueError, match="not found"):
            getattr(away, word)("a")


def test_counters_go_on_in_memory(away):
    away.set("allauth:rl:x", [1.0], 60)
    assert away.get("allauth:rl:x") == [1.0]
    assert away.add("allauth:rl:x:lock", True, 10) is True
    assert away.add("allauth:rl:x:lock", True, 10) is False
    away.delete("allauth:rl:x:lock")
    assert away.add("allauth:rl:x:lock", True, 10) is True


def test_a_page_with_many_look_ups_waits_once(away, monkeypatch):
    tried = []
    monkeypatch.setattr(
        "django.core.cache.backends.redis.RedisCache.get",
        lambda *a, **k: tried.append(1) or (_ for _ in ()).throw(OSError("away")),
    )
    for number in range(50):
        away.get(f"key{number}")
    assert len(tried) == 1
    monkeypatch.setattr(time, "monotonic", lambda now=time.monotonic: now() + 6)
    away.get("key")
    assert len(tried) == 2  # after a pause it is asked again
