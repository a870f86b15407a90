"""A project's rating is recorded as at a day; the latest counts and the one before is kept beside it."""

from datetime import date

import pytest

from muniment.adapters.stores.folder.store import FolderStore
from muniment.commands.reporting import update_project
from muniment.domain.portfolio.updates import project_updates_known
from muniment.domain.record.act import Act, RefusedError

MANAGER = Act("s.reid", "supplier", "for the Board")


def _update(store: FolderStore, *, as_at: str, rag: str, project: str = "wan", why: str = "Survey late.") -> str:
    return update_project(
        ledger=store.ledger,
        act=MANAGER,
        project=project,
        as_at=as_at,
        rag=rag,
        stage="delivery",
        why=why,
        path_to_green="A second survey team.",
        projects=["wan", "mosaic"],
    ).subject


def test_the_latest_rating_stands_beside_the_one_before(store: FolderStore) -> None:
    assert _update(store, as_at="2019-10-31", rag="red") == "cssc/projects/wan/2019-10-31/u1"
    _update(store, as_at="2019-11-30", rag="red")
    assert _update(store, as_at="2019-11-30", rag="amber") == "cssc/projects/wan/2019-11-30/u2"
    _update(store, as_at="2019-11-30", rag="green", project="mosaic")
    mosaic, wan = project_updates_known(store.ledger.entries())
    assert (mosaic.project, mosaic.previous) == ("mosaic", None)
    assert wan.previous is not None
    assert (wan.previous.updated.rag, wan.latest.updated.rag) == ("red", "amber")
    earlier = project_updates_known(store.ledger.entries(), up_to=date(2019, 11, 29))
    assert [(standing.project, standing.latest.updated.rag) for standing in earlier] == [("wan", "red")]


@pytest.mark.parametrize(
    ("change", "rule"),
    [
        ({"rag": "yellow"}, "rating"),
        ({"as_at": "30/11/2019"}, "date"),
        ({"project": "wam"}, "agreed_text"),
        ({"why": ""}, "said"),
        ({"why": "Delayed by 3 weeks."}, "typed_figures"),
    ],
)
def test_an_update_that_is_not_right_is_refused_by_its_rule(
    store: FolderStore, change: dict[str, str], rule: str
) -> None:
    with pytest.raises(RefusedError) as refused:
        _update(store, **{"as_at": "2019-11-30", "rag": "amber", **change})
    assert refused.value.rule == rule
    assert len(store.ledger.entries()) == 1
