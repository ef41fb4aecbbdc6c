"""Compile the modules of ``/source.zip`` into ``/target.zip``; run by ``compile.mjs`` in Pyodide.

What is compiled names the digest of its source, not the time, and is never compared with a source: there is none.
"""

import importlib.util
import marshal
import zipfile
from pathlib import PurePosixPath

#: Of a .pyc file that holds a digest which is not to be checked.
UNCHECKED = (1).to_bytes(4, "little")


def compiled(name: str, source: bytes) -> bytes:
    """A module as the content of a .pyc file."""
    code = compile(source, name, "exec", dont_inherit=True, optimize=0)
    return importlib.util.MAGIC_NUMBER + UNCHECKED + importlib.util.source_hash(source) + marshal.dumps(code)


with zipfile.ZipFile("/source.zip") as sources, zipfile.ZipFile("/target.zip", "w") as target:
    for entry in sources.infolist():
        path, content = PurePosixPath(entry.filename), sources.read(entry)
        if path.suffix == ".py":
            path, content = path.with_suffix(".pyc"), compiled(entry.filename, content)
        target.writestr(zipfile.ZipInfo(str(path)), content, zipfile.ZIP_DEFLATED, 9)
