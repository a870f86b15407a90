"""People at work on many contracts: each looks at pages as they come, sends small files, and submits some of them."""

import http.client
import random
import re
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from secrets import token_hex
from urllib.parse import urlencode

PATIENCE = 60
"""Seconds after which a person, or the proxy before the site, gives a page up."""
PAUSE = 4.0
"""Seconds between two pages of a person, on average."""
SENDS, SUBMITS = 0.05, 0.3
"""Of what a person does, how often it is to send a file, and how often that file is submitted."""


@dataclass
class Person:
    """`contracts`: those in which they have a role; `prepares`: those in which they may send evidence."""

    cookie: str
    contracts: Sequence[str]
    prepares: Sequence[str]


@dataclass
class Measured:
    """Seconds by what was asked for, and what went wrong."""

    seconds: dict[str, list[float]] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)
    lock: threading.Lock = field(default_factory=threading.Lock)

    def took(self, what: str, seconds: float) -> None:
        with self.lock:
            self.seconds.setdefault(what, []).append(seconds)

    def failed(self, said: str) -> None:
        with self.lock:
            self.errors.append(said)

    def p95(self, what: str) -> float:
        found = sorted(self.seconds.get(what, []))
        return found[min(int(len(found) * 0.95), len(found) - 1)] if found else float("inf")


class Browser:
    """What a person's browser sends: their cookie with each request."""

    def __init__(self, port: int, cookie: str, measured: Measured) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        self._secret, self._measured = token_hex(16), measured
        cookies = f"muniment={cookie}; muniment-csrf={self._secret}"
        self._headers = {"Cookie": cookies, "Host": f"localhost:{port}", "X-CSRFToken": self._secret}

    def ask(
        self, path: str, *, body: bytes | None = None, kind: str = "", measured_as: str = ""
    ) -> tuple[int, str, str]:
        """Status, text and where it leads. A status of 0: no answer in time."""
        # The server closes a connection that was idle for some seconds, and people think for longer.
        self._connection.close()
        began = time.monotonic()
        headers = {**self._headers, **({"Content-Type": kind} if kind else {})}
        try:
            self._connection.request("GET" if body is None else "POST", path, body=body, headers=headers)
            answer = self._connection.getresponse()
            status, text, place = answer.status, answer.read().decode(), answer.headers.get("Location", "")
        except (http.client.HTTPException, OSError) as error:
            self._connection.close()
            status, text, place = 0, type(error).__name__, ""
        if measured_as:
            self._measured.took(measured_as, time.monotonic() - began)
        # A form that others overtook is shown again (409), and one that a rule forbids by then says so (422).
        if status not in (200, 303, 409, 422):
            self._measured.failed(f"{'GET' if body is None else 'POST'} {path}: {status or text}")
        return status, text, place


def work(port: int, people: Mapping[str, Person], rows: Mapping[str, bytes], *, month: str, seconds: float) -> Measured:
    """Everybody at once for so long. `rows`: table -> a small file of evidence for the month."""
    measured, until = Measured(), time.monotonic() + seconds
    at_work = [
        threading.Thread(target=_day, args=(number, Browser(port, person.cookie, measured), person, rows, month, until,
                                            measured))
        for number, person in enumerate(people.values())
    ]  # fmt: skip
    for thread in at_work:
        thread.start()
    for thread in at_work:
        thread.join()
    return measured


def _day(
    number: int, browser: Browser, person: Person, rows: Mapping[str, bytes], month: str, until: float,
    measured: Measured,
) -> None:  # fmt: skip
    dice = random.Random(number)  # noqa: S311  # what is looked at next is no secret
    time.sleep(dice.random() * PAUSE)
    browser.ask("/", measured_as="/")
    while time.monotonic() < until:
        contract, chance = f"/contracts/{dice.choice(person.contracts)}", dice.random()
        if person.prepares and chance < SENDS:
            _send(browser, dice, f"/contracts/{dice.choice(person.prepares)}", rows, month, until, measured)
        elif chance < 0.5:
            browser.ask("/", measured_as="/")
        elif chance < 0.75:
            browser.ask(contract, measured_as="contract page")
        else:
            browser.ask(f"{contract}/months/{month}", measured_as="month page")
        time.sleep(dice.uniform(0.5, 1.5) * PAUSE)


def _send(
    browser: Browser, dice: random.Random, contract: str, rows: Mapping[str, bytes], month: str, until: float,
    measured: Measured,
) -> None:  # fmt: skip
    """Send a file and look again until somebody has looked at it; what is not looked at by the end counts as it is."""
    table = dice.choice(sorted(rows))
    edge = token_hex(16)
    head = f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="{table}.csv"\r\n'
    body = head.encode() + b"Content-Type: text/csv\r\n\r\n" + rows[table] + f"\r\n--{edge}--\r\n".encode()
    began = time.monotonic()
    address = f"{contract}/evidence/{table}/{month}/upload"
    status, text, place = browser.ask(address, body=body, kind=f"multipart/form-data; boundary={edge}")
    if status != 303:
        return
    while time.monotonic() < until + PATIENCE:
        status, text, _ = browser.ask(place)
        if status != 200 or "being looked at" not in text:
            break
        time.sleep(0.5)
    measured.took("looking at a small file", time.monotonic() - began)
    if "can be submitted" not in text or dice.random() > SUBMITS:
        return
    status, text, _ = browser.ask(f"{place}/submit", measured_as="form")
    hidden = dict(re.findall(r'name="(key|seen)" value="([^"]*)"', text))
    given = urlencode({**hidden, "reason": "Evidence of the month."}).encode()
    browser.ask(f"{place}/submit", body=given, kind="application/x-www-form-urlencoded", measured_as="act")
