"""A demonstration lets anybody be anybody: so it is served to one machine, and never over a real record."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured
from django.core.management import CommandError, call_command

from muniment.application.stores import CLOCK_BEHIND_VARIABLE, database_at, open_store
from muniment.commands.recording import open_record
from muniment.domain.record.act import Act
from muniment.installation.demonstrations import is_demonstration, must_not_let_anybody_in
from tests.interfaces.web.conftest import Site
from tests.interfaces.web.june import MANAGER
from tests.interfaces.web.sign_in_steps import words_of

READ = "import json, muniment.settings as s; print(json.dumps([s.IS_DEMO, s.IS_DEMO_ASKED]))"


@pytest.fixture(autouse=True)
def _demonstration(monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in {"ALLOWED_HOSTS": ["testserver"], "IS_DEMO": True, "IS_DEMO_ASKED": True}.items():
        monkeypatch.setattr(settings, name, value)


def _import_a_real_record(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(CLOCK_BEHIND_VARIABLE)
    database_at(site.address).enrol("real", authority="Wolds")
    ledger = open_store(site.where("real")).ledger
    open_record(ledger=ledger, act=Act("p-1", "authority", "It begins."), contract="real")


def test_over_example_records_on_this_machine_it_starts_and_lists_the_people(site: Site) -> None:
    must_not_let_anybody_in()
    assert MANAGER.name in words_of(site.stranger().get("/account/login"))


@pytest.mark.parametrize("change", [{"IS_PUBLIC": True, "ADDRESS": "https://wolds.example"},
                                    {"IS_LOCAL": False, "ADDRESS": "http://wolds.example"}])  # fmt: skip
def test_at_an_address_for_others_it_does_not_start(
    site: Site, monkeypatch: pytest.MonkeyPatch, change: dict[str, object]
) -> None:
    for name, value in change.items():
        monkeypatch.setattr(settings, name, value)
    with pytest.raises(ImproperlyConfigured, match=r"at wolds\.example, .* - take MUNIMENT_DEMO away"):
        must_not_let_anybody_in()


def test_over_a_real_record_it_does_not_start(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    _import_a_real_record(site, monkeypatch)
    with pytest.raises(ImproperlyConfigured, match="the record of real is no example"):
        must_not_let_anybody_in()
    with pytest.raises(CommandError, match="the record of real is no example"):
        call_command("bring_up_to_date")


def test_a_real_record_that_is_imported_while_it_runs_ends_it(site: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    assert is_demonstration()
    _import_a_real_record(site, monkeypatch)
    assert MANAGER.name not in words_of(site.stranger().get("/account/login"))
    sent = site.stranger().post("/demo/sign-in", {"account": str(site.account(MANAGER).pk)})
    assert sent.status_code == 404


@pytest.mark.parametrize(
    ("address", "is_demo"), [("", True), ("http://localhost:8000", True), ("https://muniment.wolds.example", False)]
)
def test_the_settings_shut_the_doors_at_an_address_for_others(tmp_path: Path, address: str, is_demo: bool) -> None:
    own = {name: value for name, value in os.environ.items() if not name.startswith("MUNIMENT_")}
    more = {
        "MUNIMENT_DEMO": "yes", "MUNIMENT_ADDRESS": address,
        "MUNIMENT_DATABASE": f"sqlite:///{tmp_path}/database.sqlite3",
    }  # fmt: skip
    run = subprocess.run([sys.executable, "-c", READ], env={**own, **more}, capture_output=True, text=True, check=True)
    assert json.loads(run.stdout) == [is_demo, True]
