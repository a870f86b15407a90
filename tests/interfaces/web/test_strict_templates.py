"""A page is never silent about what it was to show: a name that nobody gave a template fails the tests."""

import pytest

from muniment.interfaces.web.environment import environment
from tests.interfaces.web.conftest import Site
from tests.interfaces.web.june import ADMINISTRATOR, DECIDER, FINANCE, MANAGER, PREPARER, SEEN, TINY, bring_to, words_in
from tests.interfaces.web.strict_templates import Named


@pytest.mark.parametrize(
    "text",
    ["{% for group in expected %}{{ group }}{% endfor %}", "{{ answer }}", "{% if answer %}yes{% endif %}",
     "{{ answer or 'nothing' }}", "{{ names.of.whom }}"],
)  # fmt: skip
def test_a_name_that_nobody_gave_is_an_error(text: str) -> None:
    env = environment()
    assert env.from_string(text).render(names=object()) in ("", "nothing"), "in a site it is nothing"
    env.undefined = Named
    with pytest.raises(AssertionError, match=r"is undefined|has no attribute"):
        env.from_string(text).render(names=object())


def test_what_a_page_may_leave_out_is_nothing() -> None:
    env = environment()
    env.undefined = Named
    assert env.from_string("{% if stale %}stale{% endif %}{{ crumbs or 'none' }}").render() == "none"
    assert env.from_string("{{ given.classes or 'plain' }}").render(given={}) == "plain"


def test_the_pages_of_a_month_are_given_all_that_they_show(site: Site) -> None:
    bring_to(site, "proposed")
    for person in (MANAGER, DECIDER, PREPARER, FINANCE, ADMINISTRATOR):
        browser = site.signed_in(person)
        for address in (
            "/", "/contracts", TINY, f"{TINY}/months/2019-06", SEEN, f"{TINY}/statements", f"{TINY}/statements/2019-06",
            f"{TINY}/statements/2019-06/v1", f"{TINY}/statements/2019-06/finance", f"{TINY}/evidence",
            f"{TINY}/evidence/visits/2019-06", f"{TINY}/mitigations", f"{TINY}/mitigations/SEEN/2019-06/g1",
            f"{TINY}/restatements/2019-06/r1", f"{TINY}/projects", f"{TINY}/reports", f"{TINY}/text",
            f"{TINY}/people", f"{TINY}/audit-trail", f"{TINY}/heads", "/account",
        ):  # fmt: skip
            assert browser.get(address).status_code == 200, address


def test_a_page_of_figures_says_on_which_entry_they_rest(site: Site) -> None:
    for address in (f"{TINY}/months/2019-06", SEEN):
        assert "As of entry" in words_in(site.signed_in(MANAGER).get(address))
