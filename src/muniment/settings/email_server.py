"""The server that sends e-mail, from MUNIMENT_EMAIL_URL: smtp://user:password@host:587 (with STARTTLS) or smtps://...

MUNIMENT_EMAIL_FROM: whom it comes from.
"""

import os
from dataclasses import dataclass
from urllib.parse import unquote, urlsplit


@dataclass(frozen=True)
class EmailServer:
    """`host` blank: nothing is sent, and pages say to ask an administrator instead. `is_direct`: TLS from the start."""

    host: str = ""
    port: int = 587
    user: str = ""
    password: str = ""
    is_direct: bool = False
    sender: str = "muniment@localhost"

    @property
    def backend(self) -> str:
        return f"django.core.mail.backends.{'smtp' if self.host else 'dummy'}.EmailBackend"


def email_server() -> EmailServer:
    """Raises ValueError for an address of another form; it is not repeated, for it may hold a password."""
    url = os.environ.get("MUNIMENT_EMAIL_URL", "")
    if not url:
        return EmailServer()
    parts = urlsplit(url)
    if parts.scheme not in {"smtp", "smtps"} or not parts.hostname:
        raise ValueError("MUNIMENT_EMAIL_URL is not an address - write smtp://user:password@host:587 or smtps://...")
    is_direct = parts.scheme == "smtps"
    return EmailServer(
        host=parts.hostname,
        port=parts.port or (465 if is_direct else 587),
        user=unquote(parts.username or ""),
        password=unquote(parts.password or ""),
        is_direct=is_direct,
        sender=os.environ.get("MUNIMENT_EMAIL_FROM", f"muniment@{parts.hostname}"),
    )
