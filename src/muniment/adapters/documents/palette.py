"""The colours of charts and reports, by meaning: text, lines, and a colour for each status.

None is used for anything else, and none alone. All but the rules are 4.5 to 1 or more against white.
"""

from muniment.domain.regime.levels import BandStatus

INK = "#0b0c0c"
GREY = "#505a5f"
RULE = "#b1b4b6"
BLUE = "#1d5a96"
GREEN = "#00703c"
AMBER = "#955000"
RED = "#b10e1e"

COLOURS: dict[BandStatus, str] = {"met_target": GREEN, "below_target": AMBER, "below_minimum": RED}
