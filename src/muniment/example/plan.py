"""What the evidence is to show: how many rows fail, per KPI and month. The generator shapes rows; the engine counts.

Figures that follow public minutes are named in contract/README.md; all others are invented.
"""

from typing import NamedTuple

from muniment.domain.kernel.period import Month, months_from

MONTHS = tuple(months_from(Month(2019, 4), Month(2019, 11)))
"""The months of the example's record."""
OPEN_MONTH = Month(2019, 12)
"""The month after them, whose evidence the demonstration awaits: files to upload, no part of the record."""
PLANNED_MONTHS = (*MONTHS, OPEN_MONTH)


class PlannedRows(NamedTuple):
    """Of `rows` rows that the measure counts, `failing` fail. For abandoned calls: of all calls, the abandoned."""

    failing: int
    rows: int


# Failing rows / rows that count.
_ROWS = """
KPI           Apr 2019    May 2019    Jun 2019    Jul 2019    Aug 2019    Sep 2019    Oct 2019    Nov 2019    Dec 2019
PM_KPI_01      29/8883     27/8914     28/8928     24/8967     26/8914     24/8962     26/8725     26/8841     25/8858
PM_KPI_02       47/656      42/670      41/675      54/719      45/708      43/667      82/711      50/665      38/611
PM_KPI_03         2/68        2/61        1/57        2/63        1/19       4/118        2/72        2/59        1/44
PM_KPI_04         1/68        1/61        0/57        1/63        1/19       2/118        1/72        1/59        1/44
PM_KPI_06         1/60        2/60        0/60        4/60        2/60        1/60        2/60        1/60        1/60
PM_KPI_07        8/213       7/228       7/219       7/222       6/212       7/228       7/222       8/228       6/197
PM_KPI_08          0/6         0/6         0/6         0/6         0/6         0/6         0/6         0/6         0/6
IMT_KPI_02        1/22        1/24        1/21        1/17        1/26        1/31        1/27        1/29        1/21
IMT_KPI_04      57/798      52/855      63/826      50/824      62/867     185/838      50/825      61/838      52/769
IMT_KPI_05         1/1         2/2         0/0         2/2         1/1         3/3         4/4         5/5         1/1
IMT_KPI_06    618/2094    640/2177    602/2118    655/2163    671/2204    744/2231    664/2190    630/2151    588/2011
IMT_KPI_08     56/1371     57/1401     47/1322     47/1327     50/1346     57/1453     92/1348     56/1426     49/1274
IMT_KPI_09        2/64        1/58        3/71        4/92        3/88        2/76        2/66        1/54        2/61
IMT_KPI_10       4/900       6/930       3/900       7/930       5/930       6/900       4/930       5/900       5/930
IMT_KPI_11        1/84        2/91        1/79        2/96        1/72       2/101        2/94        1/88        1/62
IMT_KPI_12        2/18        1/16        2/19        2/17        1/15        2/20        2/11        1/17        1/14
IMT_KPI_14     51/1392     58/1394     53/1371     89/1396     50/1373     48/1380     47/1387     49/1396     50/1394
CSC_KPI_01      61/927      66/955      56/879      55/869      84/954      86/913      51/901      57/886      54/842
CSC_KPI_02  8731/50643  9249/51874  8472/50103  9954/53459 12698/49139 20247/60241 10871/57608  8051/52210  7203/46118
CSC_KPI_03      95/507     109/493      98/505     103/509     115/503     112/506     112/492     101/499      96/488
CSC_KPI_04  2944/50412  3160/51630  2978/49875  3448/53208  4520/48920  7966/59985  2707/57346  1890/52210  1724/46118
CSC_KPI_05      37/507      34/493      33/505      31/509      30/503      31/506      35/492      37/499      34/488
CSC_KPI_06      58/880      64/902      60/868      70/915      73/894     119/958      75/921    204/1352      61/894
CSC_KPI_07        1/31        1/28        1/34        1/26        1/33        2/47        1/36        1/29        1/24
CSC_KPI_11      24/335      23/350      26/349      45/347      48/346      50/349      30/335      28/347      27/338
CSC_KPI_12     116/675     104/689      91/709      78/703      59/676      59/721      50/700      45/696      41/652
ACF_KPI_01     19/1755     20/1793     21/1772     21/1802     19/1787     22/1813     22/1801     21/1811     20/1765
ACF_KPI_02        1/45        2/45        0/45        1/45        1/45        2/45        1/45        0/45        1/45
ACF_KPI_03     124/299     105/294      87/297      83/294      84/301      80/296      81/296      78/294      74/288
ACF_KPI_04        9/86        8/82       10/88       11/91       10/84        9/87       11/90       18/85       15/81
ACF_KPI_05      10/958      10/957       9/941       8/941      29/927       9/953       9/956       9/939       9/948
F_KPI_01      206/3123    195/3151    184/3125    201/3141    184/3012    176/3037    195/3089    175/3128    298/2874
F_KPI_02        58/596      58/619      58/616      53/588      62/609      59/597      62/588      62/592      56/541
F_KPI_03        0/3193      1/3218      0/3190      0/3209      1/3081      0/3102      1/3158      0/3195      0/2931
F_KPI_04          0/24        1/24        0/24        0/24        1/24        0/24        0/24        0/24        0/24
F_KPI_06        15/460      15/485      16/451      14/466      16/462      31/467      16/456      18/482      15/431
F_KPI_07       16/1205     16/1186     15/1205     14/1197     16/1184     12/1173     13/1195     15/1193     15/1102
"""

# For ratios of sums: the part of the sum that fails, in per cent.
_SUMS = """
KPI           Apr 2019    May 2019    Jun 2019    Jul 2019    Aug 2019    Sep 2019    Oct 2019    Nov 2019    Dec 2019
PM_KPI_05         0.05        0.04        0.06        0.05        0.07        0.04        0.05        0.04        0.05
IMT_KPI_01        0.14        0.21        0.12        0.19        0.24        0.33        0.22        0.17        0.19
IMT_KPI_03        0.52        0.44        0.61        0.57        2.61        1.38        0.66        0.48        0.53
F_KPI_05          6.40        6.90        6.20        7.10        6.60        6.30        7.40        6.80        6.60
"""

# Calls that are left out, and calls given up within five seconds (in the total, not abandoned).
_CALLS = """
what          Apr 2019    May 2019    Jun 2019    Jul 2019    Aug 2019    Sep 2019    Oct 2019    Nov 2019    Dec 2019
test               187         194         201         190         176         212         198         183         164
outside           2488        2611        2402        2573        2390        2944        2760        2517        2296
ivr                231         244         228         251         219         256         262         247         221
short              342         355         331         368         397         471         362         318         296
"""

# Devices of the Corporate Refresh Programme issued by the end of the month, of all in scope.
DEVICES_IN_SCOPE = 2083
_DEVICES = """
what          Apr 2019    May 2019    Jun 2019    Jul 2019    Aug 2019    Sep 2019    Oct 2019    Nov 2019    Dec 2019
issued             612         803        1004        1221        1398        1612        1818        2003        2024
"""


def _table(text: str) -> dict[str, tuple[str, ...]]:
    lines = (line.split() for line in text.strip().splitlines()[1:])
    return {line[0]: tuple(line[1:]) for line in lines}


def _planned(cell: str) -> PlannedRows:
    failing, _, rows = cell.partition("/")
    return PlannedRows(int(failing), int(rows))


_PLANNED = {kpi: tuple(_planned(cell) for cell in cells) for kpi, cells in _table(_ROWS).items()}
_FAILING_SUMS = {kpi: tuple(int(cell.replace(".", "")) for cell in cells) for kpi, cells in _table(_SUMS).items()}
_CALL_COUNTS = {what: tuple(int(cell) for cell in cells) for what, cells in _table(_CALLS).items()}
_ISSUED = tuple(int(cell) for cell in _table(_DEVICES)["issued"])


def planned(*, kpi: str, month: Month) -> PlannedRows:
    """How many rows fail, of how many that count. Raises KeyError for a KPI that sums, ValueError for another month."""
    return _PLANNED[kpi][PLANNED_MONTHS.index(month)]


def failing_sum(*, kpi: str, month: Month, total: int) -> int:
    """The planned part of a total that fails, in whole units of the total (pence, minutes), rounded down."""
    return total * _FAILING_SUMS[kpi][PLANNED_MONTHS.index(month)] // 10_000


def call_count(*, what: str, month: Month) -> int:
    """How many calls are 'test', 'outside' service hours, ended in the 'ivr', or 'short' abandons."""
    return _CALL_COUNTS[what][PLANNED_MONTHS.index(month)]


def devices_issued(month: Month) -> int:
    """Devices of the Corporate Refresh Programme issued by the end of the month."""
    return _ISSUED[PLANNED_MONTHS.index(month)]
