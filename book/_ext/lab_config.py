"""What `make lab` tells Jupyter: a chapter is written back as it stands, but for what was edited."""

import math

from jupytext import myst


class OneLine(myst.CompactDumper):
    """Writes a cell's options: a caption stays on its line, and has double quotes if it needs any."""

    def __init__(self, *args, **options):
        super().__init__(*args, **options | {"width": math.inf})

    def choose_scalar_style(self):
        """Return the style that YAML would choose, but for single quotes."""
        style = super().choose_scalar_style()
        return '"' if style == "'" else style


myst.CompactDumper = OneLine
# With the description of the page, without what depends on who saved the chapter last.
c.ContentsManager.notebook_metadata_filter = (  # noqa: F821
    "myst,-jupytext.text_representation.format_version,-jupytext.text_representation.jupytext_version,-kernelspec.language"
)
