"""``python -m logitgrad``."""

import sys

try:
    from .cli import main
except ModuleNotFoundError as missing:
    if missing.name not in ("click", "rich"):
        raise
    sys.exit(f"The commands need {missing.name}: pip install 'logitgrad[cli]'")

main(prog_name="python -m logitgrad")
