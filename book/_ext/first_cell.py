"""The first cell of a downloaded notebook. Its source is copied there, so it stands on its own."""


def install(wheel, base):
    """Install the wheel with pip: a file on this machine, else the one under the book's address."""
    import importlib.metadata
    import os
    import subprocess
    import sys
    from pathlib import Path

    name, version = wheel.split("-")[:2]
    try:
        if importlib.metadata.version(name) == version:
            return
    except importlib.metadata.PackageNotFoundError:
        pass
    here, given = Path.cwd(), os.environ.get("LOGITGRAD_WHEEL")
    site = [folder / part for folder in (here, *here.parents) for part in ("notebooks", "_build/html/notebooks")]
    places = [Path(given)] if given else [folder / wheel for folder in (here, *site)]
    source = next((place.resolve().as_uri() for place in places if place.is_file()), base and base + wheel)
    if not source:
        raise FileNotFoundError(
            f"{given or wheel} is not there. The book carries {wheel} in its folder notebooks: put that file "
            f"into {here}, or its path into the environment variable LOGITGRAD_WHEEL, and run this cell again."
        )
    print(f"Installing {name} {version} from {source} ...")
    command = [sys.executable, "-m", "pip", "install", "--quiet", f"{name}[cli] @ {source}"]
    done = subprocess.run(command, capture_output=True, text=True)
    if done.returncode:
        raise RuntimeError(f"pip could not install {source}:\n{done.stdout}{done.stderr}")
    importlib.invalidate_caches()
