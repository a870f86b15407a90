"""Copy the styles and scripts of the pages from node_modules into the package, without a font that is not ours.

The GOV.UK Design System is MIT, but its typeface and crest are for gov.uk alone: pages use the system's own font.
"""

import re
import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "node_modules" / "govuk-frontend"
TARGET = ROOT / "src" / "muniment" / "interfaces" / "web" / "static" / "vendor"
FONT_FACE = re.compile(r"@font-face\{[^}]*\}")
FONT = re.compile(r"GDS Transport,\s*arial,\s*sans-serif")
SYSTEM_FONT = 'system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans","Liberation Sans",arial,sans-serif'
CREST = re.compile(r"url\([^)]*govuk-crest[^)]*\)")
SOURCE_MAP = re.compile(r"/\*# sourceMappingURL=.*?\*/|//# sourceMappingURL=.*")
NOTICE = """govuk-frontend {version}
Copyright (c) Crown Copyright (Government Digital Service)
Released under the MIT licence: https://opensource.org/license/mit
The style sheet was changed: its typeface and the crest are left out.
"""


def main() -> int:
    built = SOURCE / "dist" / "govuk"
    if not built.is_dir():
        print("Muniment: govuk-frontend is not in node_modules - run 'make install'.", file=sys.stderr)
        return 1
    shutil.rmtree(TARGET, ignore_errors=True)
    TARGET.mkdir(parents=True)
    style = (built / "govuk-frontend.min.css").read_text(encoding="utf-8")
    for pattern, put in ((FONT_FACE, ""), (FONT, SYSTEM_FONT), (CREST, "none"), (SOURCE_MAP, "")):
        style = pattern.sub(put, style)
    if "GDS Transport" in style or "/assets/fonts" in style:
        print("Muniment: govuk-frontend names its typeface anew - mend scripts/copy_assets.py.", file=sys.stderr)
        return 1
    (TARGET / "govuk-frontend.min.css").write_text(style, encoding="utf-8")
    script = (built / "govuk-frontend.min.js").read_text(encoding="utf-8")
    (TARGET / "govuk-frontend.min.js").write_text(SOURCE_MAP.sub("", script), encoding="utf-8")
    # The notice goes last: make takes its presence as the sign that the copy is whole.
    version = re.search(r'"version": "([^"]+)"', (SOURCE / "package.json").read_text(encoding="utf-8"))
    (TARGET / "NOTICE.txt").write_text(NOTICE.format(version=version[1] if version else ""), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
