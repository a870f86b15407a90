"""What every page is given."""

from django.conf import settings
from django.contrib.messages import get_messages
from django.http import HttpRequest

from muniment.faces.desk.stores import today_in
from muniment.faces.web.naming import Names

Everywhere = dict[str, object]


def everywhere(request: HttpRequest) -> Everywhere:
    account = getattr(request, "user", None)
    is_signed_in = bool(account and account.is_authenticated)
    return {
        "request": request,
        "account": account if is_signed_in else None,
        "names": Names(),
        "is_demo": settings.IS_DEMO,
        "demo_day": today_in("Europe/London") if settings.IS_DEMO else None,
        "flashes": list(get_messages(request)) if hasattr(request, "_messages") else [],
    }
