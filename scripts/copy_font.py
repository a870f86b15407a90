"""Copy the font that documents are set in, with its licence, from node_modules into the package.

Regular, italic, semibold, bold and bold italic: what the documents use, and no more (1.6 MB).
"""

import shutil
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCE = ROOT / "node_modules" / "@expo-google-fonts" / "source-sans-3"
TARGET = ROOT / "src" / "muniment" / "adapters" / "documents" / "fonts"
STYLES = ("400Regular", "400Regular_Italic", "600SemiBold", "700Bold", "700Bold_Italic")


def main() -> int:
    if not SOURCE.is_dir():
        print("Muniment: the font is not in node_modules - run 'make install'.", file=sys.stderr)
        return 1
    TARGET.mkdir(parents=True, exist_ok=True)
    for style in STYLES:
        name = f"SourceSans3_{style}.ttf"
        shutil.copyfile(SOURCE / style / name, TARGET / name)
    # The licence goes last: make takes its presence as the sign that the copy is whole.
    shutil.copyfile(SOURCE / "LICENSE_FONT", TARGET / "OFL.txt")
    return 0


if __name__ == "__main__":
    sys.exit(main())
