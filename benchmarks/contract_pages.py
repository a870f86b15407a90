"""What pages of a contract cost: those that open its text or record, beside v0.1.0, for `commands.py`.

Each tree keeps the same contract in a SQLite database of its own, and answers from one process by Django's test client.
CPU seconds of that process; the first view of each page warms it, as in a process that serves.
"""

import json
import os
import statistics
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

PERSON = "p-3b96a57dc4"
"""The example's contract manager, who sees all of these pages."""
PAGES: Mapping[str, str] = {
    "agreed text": "/contracts/cssc/text",
    "projects": "/contracts/cssc/projects",
    "evidence": "/contracts/cssc/evidence",
    "table": "/contracts/cssc/evidence/calls/2019-09",
    "mitigation": "/contracts/cssc/mitigations/ACF_KPI_04/2019-11/g1",
}
VIEWS = 10
"""Of each page in a process, after the one that warms it."""
MORNING = datetime(2020, 1, 22, 9, tzinfo=UTC)
"""The moment that the sites take it to be: the demonstration's first morning."""
ASK = """
import json, sys, time
import django
django.setup()
from django.conf import settings
from django.contrib.auth import get_user_model
from django.test import Client
person, views, *addresses = sys.argv[1:]
people = get_user_model().objects
account = people.filter(actor=person).first() or people.create_user("one@example.org", name="One", actor=person)
browser = Client(headers={"host": "localhost"})
browser.force_login(account, backend=settings.AUTHENTICATION_BACKENDS[0])
found = {}
for address in addresses:
    answer = browser.get(address)
    if answer.status_code != 200:
        sys.exit(f"{address}: {answer.status_code}")
    began = time.process_time()
    for _ in range(int(views)):
        browser.get(address)
    found[address] = (time.process_time() - began) / int(views)
print(json.dumps(found))
"""


@dataclass(frozen=True)
class Site:
    """A tree that answers pages. `settings`: Django's, by their name there. `imports`: the command that brings a
    folder's contract into its database. `named`: the contract there. `folder`: where the database is."""

    tree: str
    python: Path
    settings: str
    imports: str
    named: str
    folder: Path

    def make(self, contract: Path) -> None:
        self.folder.mkdir()
        for command in ("migrate", "createcachetable"):
            self._run(str(self.python), "-m", "django", command)
        for words in ((self.imports, str(contract)), ("rebuild", self.named)):
            self._run(str(self.python.with_name("muniment")), *words)

    def seconds(self) -> dict[str, float]:
        """Page -> CPU seconds of a view, in a new process."""
        said = self._run(str(self.python), "-c", ASK, PERSON, str(VIEWS), *PAGES.values())
        found: dict[str, float] = json.loads(said)
        return {page: found[address] for page, address in PAGES.items()}

    def _run(self, *command: str) -> str:
        environment = {
            **os.environ,
            "DJANGO_SETTINGS_MODULE": self.settings,
            "MUNIMENT_DATABASE": f"sqlite:///{self.folder / 'database.sqlite3'}",
            "MUNIMENT_CLOCK_BEHIND": str(int((datetime.now(UTC) - MORNING).total_seconds())),
            "MUNIMENT_SECOND_FACTOR": "optional",
            "MUNIMENT_SECRET_KEY": "the same for every process of this benchmark, and for nothing else",
        }
        done = subprocess.run(command, cwd=self.folder, env=environment, capture_output=True, text=True, check=False)
        if done.returncode:
            raise SystemExit(f"{self.tree}: {' '.join(command[:2])} ended with {done.returncode}:\n{done.stderr}")
        return done.stdout


def seconds_of_pages(
    *, baseline: Path, today: Path, contract: Path, folder: Path, runs: int
) -> dict[str, dict[str, float]]:
    """Page -> tree -> median of its CPU seconds. `baseline`, `today`: the Python of each."""
    sites = (
        Site("v0.1.0", baseline, "muniment.site.settings", "carry-in", "register:cssc", folder / "v0.1.0"),
        Site("today", today, "muniment.settings", "import", "database:cssc", folder / "today"),
    )
    taken: dict[str, dict[str, list[float]]] = {page: {site.tree: [] for site in sites} for page in PAGES}
    for site in sites:
        site.make(contract)
    for _ in range(runs):
        for site in sites:
            for page, seconds in site.seconds().items():
                taken[page][site.tree].append(seconds)
    return {page: {tree: statistics.median(found) for tree, found in of.items()} for page, of in taken.items()}
