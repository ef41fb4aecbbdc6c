"""A report says the same thing as text, as HTML and as data."""

import json
import re

import numpy as np
import pytest

import logitgrad as lg
from logitgrad import naive
from logitgrad.audit.compare import ranges
from logitgrad.audit.measured import Measured, hexadecimal, thinned
from logitgrad.audit.report import HEADINGS, aligned


@pytest.fixture(scope="module")
def report():
    return lg.audit(naive.bce_grad_fused, "sigmoid_bce.grad", "float32", points=300)


@pytest.fixture(scope="module")
def rows():
    return lg.audit(lg.softmax_ce.grad, "softmax_ce.grad", "float32", points=64, name="a < b")


def test_the_text_has_a_line_for_each_label_and_the_worst_point_of_each(report):
    text = str(report)
    assert text.startswith("bce_grad_fused against sigmoid_bce.grad, float32, ")
    for part in report.parts:
        assert re.search(rf"^{re.escape(part.label)} +{re.escape(part.verdict)}", text, flags=re.M)
        assert f"worst at {part.label}: {part.worst}" in text
    assert "edges right: 9 of 9" in text and "bad targets refused: 0 of 7; accepted: (0.5, -0.5), " in text


def test_the_text_is_no_wider_than_its_table_needs_and_has_no_trailing_blanks(report):
    assert all(line == line.rstrip() for line in str(report).splitlines())
    assert aligned([("a", "b"), ("long", "c")]) == ["a     b", "long  c"]


def test_html_has_the_table_and_one_picture_with_its_description(report):
    html = report._repr_html_()
    named = [heading for heading in HEADINGS if heading]
    assert html.count("<tr>") == 1 + len(report.parts) and html.count("</th>") == len(named) + len(report.parts)
    [alt] = re.findall(
        r'<img alt="([^"]+)" width="[1-9]\d+" height="[1-9]\d+" src="data:image/svg\+xml;base64,[\w+/=]+">', html
    )
    assert alt.startswith("Relative error of measured results")


def test_names_and_labels_are_escaped(rows):
    assert "a &lt; b against" in rows._repr_html_() and "a < b" not in rows._repr_html_()


def test_the_picture_is_about_the_lead_for_rows_and_about_the_logit_else(report, rows):
    assert report.figure().axes[0].get_xlabel() == "logit $z$"
    assert "lead" in rows.figure().axes[0].get_xlabel()


def test_a_function_without_results_is_shown_too():
    nothing = lg.audit(lambda z, y: 1 / 0, "sigmoid_bce.grad", points=16)
    assert str(nothing).count("no result") == 3 and "ZeroDivisionError" in nothing._repr_html_()


def test_data_is_json_and_keeps_every_number(report):
    data = json.loads(json.dumps(report.as_data(), allow_nan=False))
    assert set(data) == {"name", "against", "dtype", "parts", "edges", "refusals", "problems"}
    for part, kept in zip(report.parts, data["parts"], strict=True):
        assert (kept["label"], kept["verdict"], kept["kind"]) == (part.label, part.verdict, part.kind)
        assert (kept["points"], kept["lost"], kept["flushed"]) == (part.points, part.lost, part.flushed)
        assert kept["max_ulp"] == pytest.approx(part.max_ulp, rel=1e-4)
        assert len(kept["curve"]["at"]) == len(kept["curve"]["relative"]) == len(part.curve)
        z, y = map(float.fromhex, kept["worst"]["hex"].split(", "))
        assert (z, y) == tuple(map(float, part.worst.arguments))


def test_an_infinite_error_is_null_in_data():
    broken = lg.audit(lambda z: z * float("nan"), "logexp.sigmoid", points=16)
    json.dumps(broken.as_data(), allow_nan=False)
    assert broken["all"].as_data()["max_ulp"] is None and broken["all"].verdict == "100 %"


def test_a_part_is_found_by_its_label_and_a_wrong_one_is_answered_with_those_there_are(report):
    assert report["y = 1"].label == "y = 1"
    with pytest.raises(KeyError, match="y = 0, y = 1, 0 < y < 1"):
        report["y = 2"]


def test_sums_are_those_of_the_parts(report):
    assert report.lost == sum(part.lost for part in report.parts)
    assert report.flushed == sum(part.flushed for part in report.parts)
    assert report.max_ulp == max(part.max_ulp for part in report.parts)


def measured(**other):
    plain = {"label": "", "points": 9, "answered": 9, "max_ulp": 0.5, "mean_ulp": 0.2, "worst": None, "lost": 0}
    more = {"lost_ranges": (), "flushed": 0, "nan_mismatches": 0, "infinity_mismatches": 0, "curve": ()}
    return Measured(**plain | more | other)


@pytest.mark.parametrize(
    ("given", "verdict", "kind"),
    [
        ({}, "0.50", "right"),
        ({"max_ulp": 91.77}, "91.8", "right"),
        ({"flushed": 3, "lost": 3}, "0.50, flushed", "flushed"),
        ({"flushed": 3, "lost": 4}, "100 %", "lost"),
        ({"answered": 5}, "0.50, 4 without result", "right"),
        ({"answered": 0, "max_ulp": None}, "no result", "no result"),
    ],
    ids=str,
)
def test_the_verdict_says_in_a_cell_what_was_found(given, verdict, kind):
    assert (measured(**given).verdict, measured(**given).kind) == (verdict, kind)


@pytest.mark.parametrize(
    ("given", "text"),
    [
        ((), ""),
        (((17.5, 17.5),), "17.5"),
        (((-90.25, -89.0), (16.5, 104.0)), "-90.25 to -89, 16.5 to 104"),
        (((16.5, 20.0), (21.0, 22.0), (30.0, 104.0)), "16.5 to 104, in places"),
    ],
)
def test_where_all_is_lost_is_told_for_each_side_of_0(given, text):
    assert measured(lost_ranges=given).lost_where == text


def test_ranges_are_runs_of_neighbours():
    at = [-2.0, -1.0, 0.0, 1.0]
    assert ranges(np.array(at), np.array([True, False, True, True])) == ((-2.0, -2.0), (0.0, 1.0))
    assert ranges(np.array(at), np.zeros(4, bool)) == ()


def test_a_thinned_curve_keeps_its_peaks():
    curve = tuple((float(n), float(n % 17)) for n in range(1000))
    assert len(thinned(curve, 40)) == 40 and {error for _, error in thinned(curve, 40)} == {16.0}
    assert thinned(curve, 2000) == curve and thinned(curve, 0) == () == thinned((), 5)


def test_inputs_are_shown_exactly():
    assert hexadecimal(np.float32(0.1)) == "0x1.99999a0000000p-4"
    assert hexadecimal(np.array([1.0, -np.inf])) == "[0x1.0000000000000p+0, -inf]"
    assert hexadecimal(np.int64(3)) == "3"
