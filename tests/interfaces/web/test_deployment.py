"""What is not right for production is found, each by itself, and said with what to do."""

import json
from datetime import timedelta

import pytest
from django.test import override_settings
from django.utils import timezone

from muniment.adapters.stores.database.models import Projection
from muniment.application.stores import CLOCK_BEHIND_VARIABLE
from muniment.domain.kernel.problem import Problem
from muniment.example.cast import ADMINISTRATOR
from muniment.installation.deployment import deployment_problems
from muniment.installation.models import Job
from tests.interfaces.conftest import Muniment
from tests.interfaces.web.conftest import Site


@pytest.fixture
def sound(site: Site, monkeypatch: pytest.MonkeyPatch) -> Site:
    """A site of which nothing is wrong that a machine can see, but that it is a small one."""
    monkeypatch.setenv("MUNIMENT_SECRET_KEY", "k" * 60)
    monkeypatch.delenv(CLOCK_BEHIND_VARIABLE)
    site.address.files.chmod(0o700)
    (site.folder / "database.sqlite3").chmod(0o600)
    return site


def found(**settings: object) -> dict[str, Problem]:
    public = {
        "IS_PUBLIC": True, "IS_DEMO": False, "IS_DEMO_ASKED": False, "SECURE_SSL_REDIRECT": True,
        "SESSION_COOKIE_SECURE": True, "CSRF_COOKIE_SECURE": True, "SECURE_HSTS_SECONDS": 31_536_000,
        "SECRET_KEY": "kP4-x" * 20, "IS_SECOND_FACTOR_REQUIRED": True,
    }  # fmt: skip
    with override_settings(**{**public, **settings}):
        # Django's complaint about what tests/conftest.py allows for the browser's sake is none about the site.
        return {problem.code: problem for problem in deployment_problems() if "async.E001" not in problem.what}


ALWAYS = {"D005", "D014"}
"""SQLite serves a small team; backups cannot be seen."""


def test_a_sound_site_is_told_only_what_cannot_be_seen(sound: Site) -> None:
    problems = found()
    assert set(problems) == ALWAYS
    assert {problem.severity for problem in problems.values()} == {"warning"}


def test_pages_without_https_are_an_error_that_is_said_once(sound: Site) -> None:
    bare = {"SECURE_SSL_REDIRECT": False, "SESSION_COOKIE_SECURE": False, "CSRF_COOKIE_SECURE": False}
    problems = found(IS_PUBLIC=False, SECURE_HSTS_SECONDS=0, **bare)
    assert set(problems) == {"D001", *ALWAYS}
    assert problems["D001"].severity == "error"


def test_a_demonstration_is_an_error(sound: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(CLOCK_BEHIND_VARIABLE, "100")
    problems = found(IS_DEMO=True)
    assert str(problems["D003"]) == (
        "the site:1:1: this is a demonstration: anybody can sign in as anybody - take MUNIMENT_DEMO away"
    )
    assert problems["D004"].what == "the clock is set back by 100 seconds"


def test_pages_that_a_password_alone_opens_are_a_warning(sound: Site) -> None:
    assert found(IS_SECOND_FACTOR_REQUIRED=False)["D009"].severity == "warning"


def test_a_key_in_a_file_is_a_warning(sound: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("MUNIMENT_SECRET_KEY")
    assert found()["D002"].severity == "warning"


@pytest.mark.parametrize(("mode", "severity"), [(0o705, "warning"), (0o707, "error")])
def test_files_that_others_can_read_or_write_are_said(mode: int, severity: str, sound: Site) -> None:
    sound.address.files.chmod(mode)
    assert found()["D008"].severity == severity


def test_what_django_finds_is_passed_on(sound: Site) -> None:
    problem = found(SESSION_COOKIE_SECURE=False)["D010"]
    assert problem.what.startswith("Django says (security.W012): SESSION_COOKIE_SECURE is not set to True")


def test_a_record_ahead_of_the_clock_is_an_error(sound: Site, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(CLOCK_BEHIND_VARIABLE, str(60 * 365 * 24 * 3600))
    assert "which this machine's clock has not reached" in found()["D011"].what


def test_jobs_that_nobody_does_are_said(sound: Site) -> None:
    job = Job.objects.create(
        account=sound.account(ADMINISTRATOR), contract="cssc", thing="cssc", kind="refresh", title="Figures"
    )
    assert "D012" not in found()
    Job.objects.filter(id=job.id).update(asked_at=timezone.now() - timedelta(minutes=6))
    assert found()["D012"].what == "1 job has waited for more than five minutes"


def test_pages_behind_the_record_are_said(sound: Site) -> None:
    Projection.objects.filter(contract="tiny").update(seq=1)
    problem = found()["D013"]
    assert (problem.place.file, problem.what.startswith("the pages show entry 1, and the record has")) == (
        "database:tiny", True,
    )  # fmt: skip


def test_the_command_line_says_it_and_fails_only_for_errors(site: Site, muniment: Muniment) -> None:
    ran = muniment("check-deployment", "--database", site.address.database)
    assert ran.exit == 1
    assert "the site: people do not reach the pages by https, so passwords can be read on the way - put a" in ran.out
    listed = json.loads(muniment("check-deployment", "--database", site.address.database, "--format", "json").out)
    assert {problem["code"] for problem in listed["problems"]} >= {"D001", "D014"}
