"""How often a token may call: counted by the minute, in the cache that every process shares."""

from django.core.cache import cache
from django.db import DatabaseError
from django.http import HttpRequest
from ninja.throttling import BaseThrottle

from muniment.faces.desk.stores import clock

SECONDS = 60


class PerMinute(BaseThrottle):
    """So many calls of a token in each minute of the clock."""

    def __init__(self, calls: int) -> None:
        self.calls = calls

    def allow_request(self, request: HttpRequest) -> bool:
        token = request.auth.caller.token  # type: ignore[attr-defined]  # limits are looked at after the token is
        key = f"api-calls:{token}:{clock().instant()[:16]}"
        try:
            return bool(cache.add(key, 1, timeout=2 * SECONDS) or cache.incr(key) <= self.calls)
        except (ValueError, DatabaseError):
            # The cache dropped it in between, or cannot be written to: a full disk must not end reading.
            return True

    def wait(self) -> float:
        """Seconds to the next minute."""
        return float(SECONDS - int(clock().instant()[17:19]))
