"""Which projects a report shows, by the policy in force at the meeting; what is not shown is counted, with the reason.

Pure, so that a policy can be tried on past data before a board adopts it.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from muniment.domain.portfolio.text import PolicyText, ProjectText, ShowText
from muniment.domain.portfolio.updates import ProjectStanding, ProjectUpdated

_RAG_ORDER = {"red": 0, "amber": 1, "green": 2}
COMPLETED = "completed"


@dataclass(frozen=True)
class PolicyInForce:
    name: str
    policy: PolicyText


@dataclass(frozen=True)
class ShownProject:
    """A project that is shown, and why."""

    project: str
    text: ProjectText
    standing: ProjectStanding
    reason: str


@dataclass(frozen=True)
class Selection:
    """`not_shown`: how many projects are left out, by reason, most first. `without_update`: projects with no update."""

    shown: tuple[ShownProject, ...]
    not_shown: tuple[tuple[str, int], ...]
    without_update: tuple[str, ...]

    @property
    def left_out(self) -> int:
        return sum(count for _, count in self.not_shown)


def policy_at(*, policies: Mapping[str, PolicyText], applies_to: str, on: date) -> PolicyInForce | None:
    """The policy with the latest effective date on or before the day, or None."""
    fitting = [(p.effective, name) for name, p in policies.items() if p.applies_to == applies_to and p.effective <= on]
    if not fitting:
        return None
    _, name = max(fitting)
    return PolicyInForce(name, policies[name])


def select_projects(
    *, projects: Mapping[str, ProjectText], standings: Sequence[ProjectStanding], policy: PolicyText
) -> Selection:
    """Apply the policy. A project is shown by the first of its rules that is true of it."""
    by_name = {standing.project: standing for standing in standings}
    shown, reasons = [], Counter[str]()
    for name, text in projects.items():
        standing = by_name.get(name)
        if standing is None:
            continue
        reason = next((_reason(rule, standing) for rule in policy.show if _applies(rule, standing)), None)
        if reason is None:
            reasons[_unshown_reason(standing)] += 1
        else:
            shown.append(ShownProject(name, text, standing, reason))
    shown.sort(key=lambda item: _order(item, policy))
    missing = tuple(name for name in projects if name not in by_name)
    return Selection(tuple(shown), tuple(sorted(reasons.items(), key=lambda item: (-item[1], item[0]))), missing)


def _applies(rule: ShowText, standing: ProjectStanding) -> bool:
    if rule.all:
        return True
    latest = standing.latest.updated
    previous = standing.previous.updated if standing.previous is not None else None
    fits = rule.rag in (None, latest.rag) and rule.stage in (None, latest.stage)
    if rule.status_changed:
        fits = fits and previous is not None and previous.rag != latest.rag
    if rule.once:
        fits = fits and not (previous is not None and _matches(rule, previous))
    return fits


def _matches(rule: ShowText, updated: ProjectUpdated) -> bool:
    return rule.rag in (None, updated.rag) and rule.stage in (None, updated.stage)


def _reason(rule: ShowText, standing: ProjectStanding) -> str:
    latest = standing.latest.updated
    if rule.status_changed and standing.previous is not None:
        return f"was {standing.previous.updated.rag} in the last report"
    if rule.once and rule.stage is not None:
        return f"{rule.stage}: first time as {latest.rag}"
    if rule.all:
        return "every project is shown"
    return latest.rag


def _unshown_reason(standing: ProjectStanding) -> str:
    latest = standing.latest.updated
    return f"{latest.rag} and {'completed earlier' if latest.stage == COMPLETED else 'running'}"


def _order(item: ShownProject, policy: PolicyText) -> tuple[int | str, ...]:
    rag = _RAG_ORDER[item.standing.latest.updated.rag]
    keys = [rag if key == "rag" else item.text.priority for key in policy.order]
    return (*keys, item.project)
