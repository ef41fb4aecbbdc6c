"""The figures that can be moved by hand: by mouse, finger and keys, in both themes; on paper, without scripts."""

from __future__ import annotations

import re

import pytest

import logitgrad as lg

from ..book.chapters import CHAPTERS
from .checks import assert_nothing
from .visit import HEIGHTS, THEMES, visit

pytestmark = pytest.mark.browser

FIGURES = {
    name: (f"book/{chapter.slug}.html", figure) for chapter in CHAPTERS for name, figure, _ in chapter.played
}
each_figure = pytest.mark.parametrize("name", FIGURES)
FORM = 'form[data-play="{}"]'
DRAWN = "canvas => canvas.toDataURL()"
BOX = "figure => { const box = figure.getBoundingClientRect(); return [box.width, box.height]; }"
# What the page's colours are where the figure is, as red, green and blue.
COLOURS = """live => {
  const style = getComputedStyle(live);
  const pen = new OffscreenCanvas(1, 1).getContext("2d");
  const seen = colour => {
    pen.fillStyle = colour;
    pen.fillRect(0, 0, 1, 1);
    return [...pen.getImageData(0, 0, 1, 1).data];
  };
  return Object.fromEntries(["1", "2", "ink", "faint", "paper"].map(
    name => [name, seen(style.getPropertyValue(`--play-${name}`)).slice(0, 3)]));
}"""


@pytest.fixture
def play(go):
    """Open the page of a figure, and bring the figure into view."""

    def play(name, **options):
        address, figure = FIGURES[name]
        visited = go(address, **options)
        bring(visited.page.locator(f"#{figure}"))
        return visited

    return play


def bring(figure):
    """Into view, and wait until it is live. What is laid out on the way there moves it: once is not enough."""
    from playwright.sync_api import expect

    for _ in range(5):
        figure.evaluate("figure => figure.scrollIntoView({ behavior: 'instant' })")
        figure.page.wait_for_timeout(100)
    expect(figure).to_have_class(re.compile("play-on"))


def centre(element):
    element.evaluate("element => element.scrollIntoView({ block: 'center', behavior: 'instant' })")


def shown(visited, *names):
    texts = (visited.page.locator(f"form.play [data-show='{name}']").first.inner_text() for name in names)
    return [float(text.replace("−", "-")) for text in texts]


def move(visited, control, value):
    visited.page.locator(f"form.play input[name='{control}']").fill(str(value))


@each_figure
def test_a_figure_loads_nothing_until_it_comes_into_view(go, name):
    address, figure = FIGURES[name]
    visited = go(address)
    scripts = visited.page.locator("head script[src*='play/']")
    assert scripts.count() == 1
    visited.said.clear()  # what the page itself has to say is another test's
    visited.unanswered.clear()
    bring(visited.page.locator(f"#{figure}"))
    assert scripts.count() > 3
    assert_nothing([*visited.said, *visited.elsewhere, *visited.unanswered])


@each_figure
def test_a_figure_works_from_disk(play, disk, name):
    visited = play(name, home=disk)
    assert visited.page.locator(f"{FORM.format(name)} fieldset").is_enabled()
    assert "" not in visited.page.locator("form.play td[data-show]").all_inner_texts()


@each_figure
@pytest.mark.parametrize("width", HEIGHTS)
def test_nothing_moves_when_a_figure_comes_to_life(go, name, width):
    address, figure = FIGURES[name]
    visited = go(address, width=width)
    before = visited.page.locator(f"#{figure}").evaluate(BOX)
    visited.read_to_the_end()  # a jump would pass by what has not been laid out
    bring(visited.page.locator(f"#{figure}"))
    # The attributes of a picture that has not come yet give its room in whole pixels.
    assert visited.page.locator(f"#{figure}").evaluate(BOX) == pytest.approx(before, abs=1)
    assert visited.shift < 0.02 and visited.needs <= width


@each_figure
@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("width", HEIGHTS)
def test_axe_finds_nothing_wrong(play, name, width, theme):
    visited = play(name, width=width, theme=theme)
    assert_nothing(visited.violations(f"#{FIGURES[name][1]}"))


def luminance(colour):
    parts = [part / 255 for part in colour]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("theme", THEMES)
def test_every_colour_can_be_read_on_the_page(play, theme):
    colours = play("simplex", theme=theme).page.locator(".play-live").evaluate(COLOURS)
    paper = luminance(colours.pop("paper"))
    for name, colour in colours.items():
        low, high = sorted([paper, luminance(colour)])
        assert (high + 0.05) / (low + 0.05) >= 4.5, name


def test_the_theme_changes_what_is_drawn(play):
    visited = play("logit-and-target")
    canvas = visited.page.locator(".play-live canvas").first
    light = canvas.evaluate(DRAWN)
    while visited.scheme != "dark":
        visited.page.locator(".theme-switch-button").click()
    assert canvas.evaluate(DRAWN) != light


def test_loss_output_and_gradient_follow_the_logit_and_the_target(play):
    visited = play("logit-and-target")
    move(visited, "z", 2)
    for target in (1, 0.25):
        move(visited, "y", target)
        p = lg.sigmoid(2.0)
        assert shown(visited, "p", "error") == pytest.approx([p, p - target], abs=5.1e-4)
        for pairing, module in (("bce", lg.sigmoid_bce), ("mse", lg.sigmoid_mse)):
            found = shown(visited, f"{pairing}-loss", f"{pairing}-grad")
            assert found == pytest.approx([*module.loss_and_grad(2.0, target)], abs=5.1e-4)


def test_a_screen_reader_hears_what_came_out_and_nothing_before_a_change(play):
    from playwright.sync_api import expect

    visited = play("logit-and-target")
    status = visited.page.locator("form.play [role=status]")
    visited.page.wait_for_timeout(800)
    expect(status).to_be_empty()
    move(visited, "z", 2)
    expect(status).to_contain_text(
        "logit 2.0, target 1.00: output 0.881; cross-entropy: loss 0.127, gradient −0.119"
    )


@each_figure
def test_arrow_keys_move_the_first_range_and_reset_puts_it_back(play, name):
    from playwright.sync_api import expect

    visited = play(name)
    control = visited.page.locator("form.play input[type=range]").first
    texts = visited.page.locator("form.play td[data-show]")
    value, before = control.input_value(), texts.all_inner_texts()
    for _ in range(3):
        control.press("ArrowRight")
    assert float(control.input_value()) > float(value)
    assert texts.all_inner_texts() != before
    visited.page.get_by_role("button", name="reset").press("Enter")
    expect(texts).to_have_text(before)
    assert control.input_value() == value


@pytest.mark.parametrize("name", ["logit-and-target", "epsilon"])
def test_the_mouse_moves_the_logit_on_the_curves(play, name):
    visited = play(name)
    plot = visited.page.locator(".u-over").first
    centre(plot)
    box = plot.bounding_box()
    middle = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    visited.page.mouse.click(*middle)
    assert shown(visited, "z") == [0]
    visited.page.mouse.down()
    visited.page.mouse.move(box["x"] + box["width"] * 3 / 4, middle[1])
    visited.page.mouse.up()
    assert shown(visited, "z") == [4 if name == "logit-and-target" else 20]


@pytest.mark.parametrize("width", HEIGHTS)
def test_the_point_is_dragged_and_the_logits_follow(play, width):
    visited = play("simplex", width=width)
    centre(visited.page.locator(".play-live"))
    handle = visited.page.locator(".play-handle").bounding_box()
    corner = visited.page.locator(".play-target").bounding_box()
    start, end = [(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2) for box in (handle, corner)]
    visited.page.mouse.move(*start)
    visited.page.mouse.down()
    visited.page.mouse.move(*end, steps=4)
    visited.page.mouse.up()
    p, z = shown(visited, "p1", "p2", "p3"), shown(visited, "z1", "z2", "z3")
    assert p[0] > 0.98 and sum(p) == pytest.approx(1, abs=2e-3)
    assert lg.softmax(z) == pytest.approx(p, abs=0.01)


def test_a_finger_drags_the_point(play):
    visited = play("simplex", width=390, has_touch=True)
    before = shown(visited, "p1")
    centre(visited.page.locator(".play-live"))
    handle = visited.page.locator(".play-handle").bounding_box()
    x, y = handle["x"] + handle["width"] / 2, handle["y"] + handle["height"] / 2
    wire = visited.page.context.new_cdp_session(visited.page)
    for kind, up in (("touchStart", 0), ("touchMove", 30), ("touchMove", 60), ("touchEnd", None)):
        points = [] if up is None else [{"x": x, "y": y - up}]
        wire.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
    assert shown(visited, "p1")[0] > before[0] + 0.1


def test_arrow_keys_move_the_point(play):
    visited = play("simplex")
    handle = visited.page.get_by_role("slider", name="the probabilities")
    before = shown(visited, "p1", "p3")
    handle.press("ArrowUp")
    higher = shown(visited, "p1", "p3")
    handle.press("Shift+ArrowRight")
    further = shown(visited, "p1", "p3")
    assert higher[0] > before[0] and further[1] > higher[1] + 0.05
    assert "probabilities" in handle.get_attribute("aria-valuetext")


def test_gradient_and_loss_are_those_of_the_target_that_is_chosen(play):
    visited = play("simplex")
    visited.page.get_by_label("label 3").check()
    move(visited, "part", 0.3)
    logits, target = [-1.7, 1.5, 0.2], [0.1, 0.1, 0.8]
    assert shown(visited, "y1", "y2", "y3") == pytest.approx(target, abs=5.1e-4)
    loss, gradient = lg.softmax_ce.loss_and_grad(logits, target)
    assert shown(visited, "g1", "g2", "g3") == pytest.approx(gradient, abs=5.1e-4)
    assert shown(visited, "loss") == pytest.approx([loss], abs=5.1e-4)
    visited.page.get_by_role("button", name="one step").click()
    assert shown(visited, "p1", "p2", "p3") == pytest.approx(lg.softmax(logits - gradient), abs=5.1e-4)


def test_what_a_constant_does_stands_beside_the_exact_value(play):
    visited = play("epsilon")
    assert shown(visited, "exact-loss", "exact-grad") == [20, 1]
    assert [str(value) for value in shown(visited, "written-loss", "written-grad")] == ["inf", "nan"]
    assert shown(visited, "guarded-loss", "guarded-grad") == [18.421, 0]
    visited.page.get_by_label("clipping").check()
    assert shown(visited, "guarded-loss") == [float("inf")]
    visited.page.get_by_label("float64").check()
    assert shown(visited, "written-grad") == pytest.approx([1], abs=1e-3)


@each_figure
def test_on_paper_there_is_the_static_figure_alone(play, name):
    visited = play(name)
    visited.page.emulate_media(media="print")
    assert visited.page.locator(".play-stage > img").is_visible()
    for live in (".play-live", "form.play", ".play-try"):
        assert visited.page.locator(live).first.is_hidden()


@each_figure
def test_without_scripts_there_is_the_static_figure_alone(browser, site, name):
    with visit(browser, site, java_script_enabled=False) as visited:
        visited.page.goto(f"{site}/{FIGURES[name][0]}")
        static = visited.page.locator(".play-stage > img")
        static.scroll_into_view_if_needed()  # what is far from the window need not be drawn
        assert static.is_visible()
        for live in ("form.play", ".play-try"):
            assert visited.page.locator(live).first.is_hidden()
