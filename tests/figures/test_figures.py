"""What holds for every figure."""

import io
import subprocess
import sys
from itertools import combinations

import matplotlib
import pytest
from matplotlib.colors import to_hex
from matplotlib.text import Text

from logitgrad import figures
from logitgrad.figures.canvas import PAPER

SMALLEST = 13  # points; 10 px when 6.4 inches are shown at 350 px


def svg(fig):
    file = io.BytesIO()
    figures.save(fig, file)
    return file.getvalue()


def placed_text(fig):
    """Every text that we place ourselves: labels on curves, titles, axis labels, legends."""
    texts = [text for legend in fig.legends for text in legend.get_texts()]
    for ax in fig.axes:
        texts += [*ax.texts, ax._left_title, ax.xaxis.label, ax.yaxis.label]
    return [text for text in texts if text.get_text() and text.get_visible()]


def test_every_figure_is_public_and_has_a_docstring_and_alternative_text(name):
    assert name in figures.__all__
    assert getattr(figures, name).__doc__
    assert 80 < len(figures.alt(name)) < 500
    assert figures.alt(name).endswith(".")


def test_an_unknown_name_has_no_alternative_text():
    with pytest.raises(KeyError):
        figures.alt("no_such_figure")


@pytest.mark.slow
def test_the_same_figure_gives_the_same_bytes(draw):
    assert svg(draw()) == svg(draw())


@pytest.mark.slow
def test_the_svg_carries_no_date_and_no_fonts(drawn):
    written = svg(drawn)
    assert b"dc:date" not in written
    assert b"<text" not in written


@pytest.mark.slow
def test_every_axis_is_labelled(drawn):
    for ax in drawn.axes:
        if ax.axison:
            assert ax.get_xlabel() or len(ax.get_shared_x_axes().get_siblings(ax)) > 1
            assert ax.get_ylabel() or drawn.axes[0].get_ylabel()
        else:
            assert len(ax.texts) >= 3  # a triangle is labelled at its corners
    assert any(ax.get_xlabel() for ax in drawn.axes) or not drawn.axes[0].axison


@pytest.mark.slow
def test_only_panels_have_titles_the_caption_is_the_books(drawn):
    assert drawn.get_suptitle() == ""
    titles = [ax.get_title(loc="left") for ax in drawn.axes]
    assert titles == [""] if len(titles) == 1 else len(set(titles)) in (1, len(titles))


@pytest.mark.slow
def test_the_paper_is_light_and_opaque(drawn):
    assert to_hex(drawn.get_facecolor(), keep_alpha=True) == f"{PAPER}ff"


@pytest.mark.slow
def test_text_is_large_enough_for_a_phone(drawn):
    assert drawn.get_figwidth() <= 6.4
    assert all(text.get_fontsize() >= SMALLEST for text in drawn.findobj(Text) if text.get_text())


@pytest.mark.slow
def test_no_two_labels_overlap_and_none_is_cut_off(drawn):
    drawn.draw_without_rendering()
    boxes = [(text.get_text(), text.get_window_extent()) for text in placed_text(drawn)]
    for (one, box), (other, another) in combinations(boxes, 2):
        assert not box.overlaps(another), (one, other)
    for text, box in boxes:
        assert all(drawn.bbox.contains(*corner) for corner in (box.min, box.max)), text


@pytest.mark.slow
def test_lines_of_one_panel_differ_without_colour(drawn):
    for ax in drawn.axes:
        looks = [
            (line._dash_pattern, line.get_linewidth())
            for line in ax.lines
            if line.get_label()[0] != "_" and line.get_linestyle() != "None"
        ]
        assert len(set(map(str, looks))) == len(looks)


@pytest.mark.slow
def test_drawing_leaves_the_session_alone(draw):
    before = dict(matplotlib.rcParams)
    draw()
    assert dict(matplotlib.rcParams) == before


def python(code, **environment):
    command = [sys.executable, "-c", code]
    return subprocess.run(command, capture_output=True, check=True, env=environment or None).stdout


HASHED = """
import hashlib, io
from logitgrad import figures
for name in ("loss_and_gradient", "softmax_simplex"):
    figures.save(getattr(figures, name)(), file := io.BytesIO())
    print(hashlib.sha256(file.getvalue()).hexdigest())
"""


@pytest.mark.slow
def test_another_process_writes_the_same_bytes():
    paths = {"PYTHONPATH": ":".join(filter(None, sys.path))}
    assert python(HASHED, PYTHONHASHSEED="1", **paths) == python(HASHED, PYTHONHASHSEED="2", **paths)


def test_importing_the_library_does_not_import_matplotlib():
    code = "import sys, logitgrad; print('matplotlib' in sys.modules)"
    assert python(code, PYTHONPATH=":".join(filter(None, sys.path))).strip() == b"False"


def test_importing_the_figures_does_not_import_pyplot():
    code = "import sys, logitgrad.figures; print('matplotlib.pyplot' in sys.modules)"
    assert python(code, PYTHONPATH=":".join(filter(None, sys.path))).strip() == b"False"


NOTEBOOK = """
from IPython.core.interactiveshell import InteractiveShell
shell = InteractiveShell.instance()
from logitgrad import figures
figures.use_style()
data, metadata = shell.display_formatter.format(figures.softmax_probabilities())
print(sorted(data), "dc:date" in data["image/svg+xml"])
"""


def test_a_notebook_shows_svg_without_a_date():
    pytest.importorskip("matplotlib_inline")
    shown = python(NOTEBOOK, PYTHONPATH=":".join(filter(None, sys.path)), HOME="/nonexistent")
    assert shown.strip().splitlines()[-1] == b"['image/svg+xml', 'text/plain'] False"
