"""How long a session lasts: until nobody used it for an hour, and never longer than a working day."""

from django.conf import settings
from django.contrib import messages
from django.contrib.auth import logout
from django.http import HttpRequest
from django.utils import timezone
from django.utils.deprecation import MiddlewareMixin

from muniment.interfaces.web.reauthentication import keep_typed

BEGAN, SEEN = "began_at", "seen_at"
SIGNED_OUT = "signed_out_account"
_NOTED_EVERY = 60
"""Seconds: how exact the idle time is, so that reading pages does not write to the database each time."""


class LimitedSessions(MiddlewareMixin):
    """Middleware, after the one that knows the account."""

    def process_request(self, request: HttpRequest) -> None:
        """Sign out whoever came back too late."""
        if request.user.is_authenticated:
            self._limit(request)

    def process_view(self, request: HttpRequest, *_: object) -> None:
        """What somebody sends after they were signed out is kept for them. By now the form is known to be ours."""
        account: int | None = getattr(request, SIGNED_OUT, None)
        if account is not None and keep_typed(request, account=account):
            messages.info(request, "What you typed is kept for an hour. A file has to be chosen again.")

    def _limit(self, request: HttpRequest) -> None:
        now = timezone.now().timestamp()
        began = request.session.setdefault(BEGAN, now)
        seen = request.session.setdefault(SEEN, now)
        if now - seen > settings.SESSION_IDLE_SECONDS or now - began > settings.SESSION_COOKIE_AGE:
            account = request.user.pk
            logout(request)
            setattr(request, SIGNED_OUT, account)
            messages.info(request, "You were signed out because nobody used this session for a while. Sign in again.")
        elif now - seen > _NOTED_EVERY:
            request.session[SEEN] = now
