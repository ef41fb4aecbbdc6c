"""Check the spelling and the style of the prose below a folder: `make words`.

cspell.yaml and words.txt say what is spelt right, .proselintrc.json which rules of style hold.
"""

from __future__ import annotations

import sys
from pathlib import Path
from subprocess import CompletedProcess, run
from tempfile import TemporaryDirectory

from .prose import write_prose

ROOT = Path(__file__).parents[2]


def main(source: Path) -> int:
    with TemporaryDirectory() as folder:
        target = Path(folder).resolve()
        files = write_prose(source, target)
        if not files:
            sys.exit(f"there is no prose below {source}")

        def check(*command: str | Path) -> CompletedProcess[str]:
            return run([*command, *files], cwd=target, capture_output=True, text=True)

        cspell = ROOT / "node_modules" / ".bin" / "cspell"
        options = ("--no-progress", "--no-color", "--relative", "--root", target)
        spelling = check(cspell, "lint", *options, "--config", ROOT / "cspell.yaml")
        style = check(sys.executable, "-m", "proselint", "check", "--config", ROOT / ".proselintrc.json")

    # proselint's status is 0 even where it could not read a file, but then it says so.
    said = "".join((spelling.stdout, spelling.stderr, style.stdout, style.stderr))
    print(said.replace(f"{target}/", "").strip())
    return int(bool(spelling.returncode or style.returncode or style.stdout or style.stderr))


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1])))
