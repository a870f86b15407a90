"""What the tests of signing in do over and over: passwords, codes from an app, a site that is no demonstration."""

import base64
import hmac
import re
import struct
import time
from typing import Protocol, cast

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import Client

from muniment.example.cast import Person
from tests.interfaces.web.conftest import Site

PASSWORD = "three odd words together"  # of people who do not exist


def no_demo(patch: pytest.MonkeyPatch, *, is_factor_required: bool = False) -> None:
    """The site as a council runs it."""
    patch.setattr(settings, "IS_DEMO", False)
    patch.setattr(settings, "ALLOWED_HOSTS", ["testserver", "localhost"])
    patch.setattr(settings, "IS_SECOND_FACTOR_REQUIRED", is_factor_required)


def give_password(site: Site, person: Person) -> str:
    """The e-mail address with which the person can sign in from now on."""
    account = site.account(person)
    account.set_password(PASSWORD)
    account.save()
    return account.email


def sign_in(client: Client, email: str, *, password: str = PASSWORD, then: str = "") -> HttpResponse:
    typed = {"login": email, "password": password, **({"next": then} if then else {})}
    return cast("HttpResponse", client.post("/account/login", typed))


def code_now(secret: str) -> str:
    """The six digits that an authenticator app shows (RFC 6238: SHA-1, 30 seconds)."""
    counter = struct.pack(">Q", int(time.time() // 30))
    digest = hmac.digest(base64.b32decode(secret), counter, "sha1")
    start = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[start : start + 4])[0] & 0x7FFFFFFF) % 10**6:06d}"


class Page(Protocol):
    """What the test browser got back; its own type hides that this is bytes."""

    @property
    def content(self) -> bytes: ...


def words_of(response: Page) -> str:
    """What a reader sees, on one line."""
    return " ".join(re.sub(r"<[^>]+>", " ", response.content.decode()).split())
