"""An organisation's identity provider, for the tests of single sign-on: a site of its own, in a process of its own.

`python -m tests.interfaces.web.identity_provider FOLDER PORT CALLBACK` serves it; people are made by name, see PEOPLE.
"""

import os
import sys
from pathlib import Path
from wsgiref.simple_server import WSGIRequestHandler, make_server

from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

PASSWORD = "known to the provider only"  # of people who do not exist
CLIENT, SECRET = "muniment", "a secret between the two"
PEOPLE = {
    "harriet": ("p-3b96a57dc4@example.org", True),
    "saoirse": ("p-6ea170f94c@example.org", True),
    "unverified": ("p-91f4c8027e@example.org", False),
    "visitor": ("visitor@elsewhere.example", True),
}
"""Name at the provider -> e-mail address, and whether the provider verified it."""

ROOT_URLCONF = "tests.interfaces.web.identity_provider_urls"


def _key() -> str:
    key = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    form = serialization.PrivateFormat.PKCS8
    return key.private_bytes(serialization.Encoding.PEM, form, serialization.NoEncryption()).decode()


def _configure(folder: Path) -> None:
    import django
    from django.conf import settings

    settings.configure(
        SECRET_KEY="of a test, and long enough to be one for signing",
        ALLOWED_HOSTS=["127.0.0.1"],
        ROOT_URLCONF=ROOT_URLCONF,
        DATABASES={"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": str(folder / "provider.sqlite3")}},
        INSTALLED_APPS=[
            "django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions", "django.contrib.messages",
            "allauth", "allauth.account", "allauth.idp.oidc",
        ],
        MIDDLEWARE=[
            "django.contrib.sessions.middleware.SessionMiddleware",
            "django.contrib.auth.middleware.AuthenticationMiddleware",
            "django.contrib.messages.middleware.MessageMiddleware",
            "allauth.account.middleware.AccountMiddleware",
        ],
        TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True, "OPTIONS": {
            "context_processors": ["django.template.context_processors.request"]}}],
        AUTHENTICATION_BACKENDS=["allauth.account.auth_backends.AuthenticationBackend"],
        SESSION_COOKIE_NAME="provider",
        ACCOUNT_RATE_LIMITS=False,
        LOGIN_REDIRECT_URL="/",
        LOGIN_URL="/accounts/login/",
        USE_TZ=True,
        IDP_OIDC_PRIVATE_KEY=_key(),
    )  # fmt: skip
    django.setup()


def _fill(callback: str) -> None:
    from allauth.account.models import EmailAddress
    from allauth.idp.oidc.models import Client
    from django.contrib.auth.models import User
    from django.core.management import call_command

    call_command("migrate", verbosity=0)
    scopes = "openid\nprofile\nemail"
    client = Client(id=CLIENT, name="Muniment", skip_consent=True, scopes=scopes, redirect_uris=callback)
    client.set_secret(SECRET)
    client.save()
    for name, (email, is_verified) in PEOPLE.items():
        user = User.objects.create_user(name, email, PASSWORD)
        EmailAddress.objects.create(user=user, email=email, verified=is_verified, primary=True)


class _Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: object) -> None:  # noqa: A002  # the library's name
        """The parent reads only the line that says the server is there."""


def main(folder: str, port: str, callback: str) -> None:
    # PKCE and codes are what is tested; the two talk over one machine's loop, without TLS.
    os.environ["OAUTHLIB_INSECURE_TRANSPORT"] = "1"
    _configure(Path(folder))
    _fill(callback)
    from django.core.wsgi import get_wsgi_application

    with make_server("127.0.0.1", int(port), get_wsgi_application(), handler_class=_Quiet) as server:
        print(server.server_port, flush=True)  # what the test waits for
        server.serve_forever()


if __name__ == "__main__":
    main(*sys.argv[1:])
