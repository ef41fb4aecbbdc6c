"""The kept sweep is one of every float32, and of the sources as they are."""

import numpy as np
import pytest

from logitgrad.audit.sweep import CHECKS, LIMIT, MOST, check, code
from logitgrad.audit.swept import SAMPLE, SEED, Swept
from logitgrad.results import environment, latest

AGAIN = "run: python -m logitgrad audit --exhaustive, and keep the file that it writes among the results"
LENGTH = 1 << 13
RANGES = np.random.default_rng(11).integers(0x33000000, 0x43000000, 4).tolist()
ENDS = [0, 0x7F800000 - LENGTH // 2]  # 0 and the subnormals; the largest floats, infinity, the first NaNs


@pytest.fixture(scope="module")
def result():
    try:
        return latest("float32")
    except LookupError:
        pytest.fail(f"no sweep of float32 has been kept; {AGAIN}")


@pytest.fixture(scope="module")
def rows(result):
    return {(row["function"], row["label"]): row for row in result["functions"]}


def test_it_is_of_the_sources_as_they_are(result):
    assert result["sources"] == code()["sources"], f"the numeric side has changed since the sweep; {AGAIN}"


def test_it_has_every_float32_of_every_function_and_label(result, rows):
    assert result["complete"] and list(rows) == [(c.function, c.label) for c in CHECKS]
    for row in rows.values():
        assert row["inputs"] == 1 << 32
        assert row["nan_inputs"] == 2 * ((1 << 23) - 1)


@pytest.mark.parametrize("c", CHECKS, ids=str)
def test_nothing_is_beyond_the_limit(rows, c):
    row = rows[c.function, c.label]
    assert row["within"] == row["inputs"] and row["worst_ulp"] <= LIMIT
    assert row["zero_signs"] == 0
    assert len(row["not_correct"]) == row["inputs"] - row["correct"] < MOST


def test_its_reference_has_kept_its_bounds(result):
    kept = result["reference"]
    assert (kept["sample"], kept["seed"]) == (SAMPLE, SEED)
    assert max(kept["largest_error_over_bound"].values()) <= 1
    assert max(kept["largest_error_of_trusted_units"].values()) <= 4


def test_memory_was_less_than_a_gigabyte(result):
    memory = result["peak_memory_mib"]
    assert (
        result["hosts"] > 1
        or None in memory.values()
        or 2 * memory["largest_worker"] + memory["coordinator"] < 1000
    )


def listed(row, first, stop):
    """How many inputs a row names as not rounded correctly, among magnitudes with these bit patterns."""
    magnitudes = np.abs(np.array([float.fromhex(z) for z in row["not_correct"]], np.float32)).view("u4")
    return int(np.count_nonzero((magnitudes >= first) & (magnitudes < stop)))


def same_arithmetic(result):
    """NumPy's float64 loops differ in their last bits between processors; the float32 results hardly ever do."""
    here, there = environment(), result["environment"]
    return (here["cpu_features"], here["versions"]["numpy"]) == (there["cpu_features"], there["versions"]["numpy"])


@pytest.mark.parametrize("first", [*RANGES, *ENDS], ids=hex)
def test_a_range_comes_out_as_it_did(result, rows, first):
    found = check("float32", first, first + LENGTH)
    for c in CHECKS:
        tally = found[str(c)]
        assert tally.within == tally.inputs == 2 * LENGTH
        if same_arithmetic(result):
            assert tally.inputs - tally.correct == listed(rows[c.function, c.label], first, first + LENGTH)


@pytest.mark.parametrize("c", CHECKS, ids=str)
def test_the_inputs_that_are_named_come_out_as_they_did(result, rows, c):
    row = rows[c.function, c.label]
    inputs = {z for z in [row["worst_input"], *row["not_correct"]] if z}
    for z in inputs:
        first = int(np.abs(np.float32(float.fromhex(z))).view("u4"))
        tally = check("float32", first, first + 1)[str(c)]
        assert tally.within == 2
        if same_arithmetic(result):
            assert tally.worst_ulp <= row["worst_ulp"]
            assert (z in tally.not_correct) == (z in row["not_correct"])
            assert z != row["worst_input"] or tally.worst_ulp == row["worst_ulp"]


def test_it_shows_itself(result):
    assert Swept(result).passed
    assert repr(Swept(result)).count("4,294,967,296") == len(CHECKS)
