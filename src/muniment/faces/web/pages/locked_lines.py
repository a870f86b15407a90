"""Lines of a locked statement that say something else than what is computed today."""

from collections.abc import Iterable, Mapping

from muniment.adapters.register.projections import ResultLine
from muniment.commands.queries.locked_statement import SealedLine, locked_statement
from muniment.domain.assessment.month_lock import locks_known
from muniment.domain.assessment.status import CATEGORY_NAMES
from muniment.domain.kernel.period import Month
from muniment.faces.web.viewing import Viewer


def locked_apart(viewer: Viewer, month: Month, lines: Iterable[ResultLine]) -> Mapping[str, SealedLine]:
    """KPI -> its line of the month's last locked statement. `lines`: as computed today; one that says the same is left
    out."""
    locks = locks_known(viewer.record).get(month, ())
    now = {line.kpi: (line.number, line.status, line.category, line.points) for line in lines}
    return {
        line.kpi: line
        for line in (locked_statement(locks[-1]).lines if locks else ())
        if line.kpi in now and (line.value, line.status, CATEGORY_NAMES[line.category], line.points) != now[line.kpi]
    }
