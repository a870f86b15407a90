"""Single sign-on with the organisation's own identity provider (OpenID Connect), from the environment.

MUNIMENT_OIDC_SERVER: its address, where /.well-known/openid-configuration is found.
MUNIMENT_OIDC_CLIENT, MUNIMENT_OIDC_SECRET: what it calls Muniment, and the secret between the two.
MUNIMENT_OIDC_NAME: what people call it.
MUNIMENT_OIDC_SIGN_IN: the address of its sign-in page, where that is another host than the server's.
MUNIMENT_OIDC_DOMAINS: domains for whose e-mail addresses it vouches without a word, such as 'example.gov.uk'.
MUNIMENT_OIDC_SECOND_FACTOR: 'yes' where it asks for a second factor itself.
"""

import os
from urllib.parse import urlsplit

PROVIDER_NAME = os.environ.get("MUNIMENT_OIDC_NAME", "your organisation's account")

Provider = dict[str, object]


def providers() -> dict[str, Provider]:
    """Allauth's settings; none where no server is named."""
    server = os.environ.get("MUNIMENT_OIDC_SERVER", "")
    if not server:
        return {}
    app: Provider = {
        "provider_id": "organisation",
        "name": PROVIDER_NAME,
        "client_id": os.environ.get("MUNIMENT_OIDC_CLIENT", ""),
        "secret": os.environ.get("MUNIMENT_OIDC_SECRET", ""),
        "settings": {"server_url": server, "oauth_pkce_enabled": True},
    }
    return {"openid_connect": {"APPS": [app], "OAUTH_PKCE_ENABLED": True}}


def origins() -> list[str]:
    """Where a form of ours may lead: a browser holds the policy against redirects of a form too."""
    named = (os.environ.get("MUNIMENT_OIDC_SERVER", ""), os.environ.get("MUNIMENT_OIDC_SIGN_IN", ""))
    return sorted({f"{parts.scheme}://{parts.netloc}" for parts in map(urlsplit, named) if parts.netloc})


def domains() -> frozenset[str]:
    return frozenset(os.environ.get("MUNIMENT_OIDC_DOMAINS", "").lower().split())
