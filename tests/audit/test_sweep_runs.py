"""Whatever happens to a sweep's processes, each shard counts once."""

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress

import pytest

from logitgrad._runs.journal import Journal, OtherJournal
from logitgrad._runs.workers import executor
from logitgrad.audit import sweep as module
from logitgrad.audit import swept
from logitgrad.audit.sweep import CHECKS, Plan, Stopped, check, code, shard, sweep, total
from logitgrad.audit.swept import Swept, as_result
from logitgrad.cli.sweep import run

from ..executors import Here

pytestmark = pytest.mark.slow

SMALL = Plan("float32", 1 << 12, 0x3F800000, 0x3F800000 + (1 << 17))  # 32 shards of some milliseconds


@pytest.fixture(scope="module")
def undisturbed():
    return check(SMALL.dtype, SMALL.magnitudes.start, SMALL.magnitudes.stop)


@pytest.fixture(autouse=True)
def small_sample(monkeypatch):
    monkeypatch.setattr(swept, "SAMPLE", 30)


def journal(directory, plan=SMALL):
    return Journal(directory, plan.identity())


def lines(directory):
    return (directory / "journal.jsonl").read_bytes().splitlines(keepends=True)


def kept(directory):
    """How many shards a directory holds, also while another process writes there."""
    path = directory / "journal.jsonl"
    return path.read_bytes().count(b"\n") - 1 if path.exists() else 0


def each_shard_is_there_once(directory):
    firsts = [json.loads(line)["first"] for line in lines(directory)[1:]]
    assert sorted(firsts) == list(SMALL.starts)


def test_the_plan_covers_every_magnitude_once():
    for plan, everything in ((Plan("float16"), 1 << 15), (Plan("float32"), 1 << 31), (SMALL, 1 << 17)):
        assert len(plan.magnitudes) == everything
    ragged = Plan("float16", shard=5000)
    parts = [shard(ragged, first)["found"][str(CHECKS[0])]["inputs"] for first in ragged.starts]
    assert sum(parts) == 1 << 16


def test_shards_add_up_to_an_undisturbed_run(tmp_path, undisturbed):
    book = journal(tmp_path)
    assert len(list(sweep(SMALL, book, Here()))) == len(SMALL.starts) == 32
    assert total(list(book.finished.values())) == undisturbed
    assert not list(sweep(SMALL, journal(tmp_path), Here()))


# The journal


def test_a_torn_last_line_is_dropped_and_its_shard_done_again(tmp_path, undisturbed):
    list(sweep(SMALL, journal(tmp_path), Here()))
    whole = lines(tmp_path)
    for cut in (1, len(whole[-1]) // 2, len(whole[-1]) - 1):
        (tmp_path / "journal.jsonl").write_bytes(b"".join(whole[:-1]) + whole[-1][:cut])
        book = journal(tmp_path)
        assert len(book.finished) == 31
        assert len(list(sweep(SMALL, book, Here()))) == 1
        each_shard_is_there_once(tmp_path)
        assert total(list(journal(tmp_path).finished.values())) == undisturbed


def test_a_torn_first_line_is_an_empty_journal(tmp_path):
    (tmp_path / "journal.jsonl").write_bytes(b'{"format": ')
    assert not journal(tmp_path).finished
    assert json.loads(lines(tmp_path)[0]) == SMALL.identity()


def test_a_shard_that_is_there_twice_counts_once(tmp_path, undisturbed):
    list(sweep(SMALL, journal(tmp_path), Here()))
    with (tmp_path / "journal.jsonl").open("ab") as file:
        file.write(lines(tmp_path)[3])
    assert total(list(journal(tmp_path).finished.values())) == undisturbed


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("dtype", "float16"),
        ("shard", 7),
        ("sources", "0" * 64),
        ("numpy", "1.0"),
        ("logitgrad", "0"),
        ("format", 0),
    ],
)
def test_the_journal_of_another_sweep_is_refused_and_says_why(tmp_path, name, value):
    Journal(tmp_path, SMALL.identity() | {name: value})
    with pytest.raises(OtherJournal, match=f"is of another sweep \\({name} {value!r}, not .*remove it"):
        journal(tmp_path)


def test_a_damaged_journal_is_refused(tmp_path):
    journal(tmp_path)
    with (tmp_path / "journal.jsonl").open("ab") as file:
        file.write(b'{"first": \n{}\n')
    with pytest.raises(OtherJournal, match="is damaged"):
        journal(tmp_path)


# What can happen to workers


def test_a_failing_worker_stops_the_sweep_and_says_what_is_kept(tmp_path, monkeypatch):
    def failing(plan, first):
        if first == SMALL.starts[5]:
            raise ZeroDivisionError("by accident")
        return shard(plan, first)

    monkeypatch.setattr(module, "shard", failing)
    with pytest.raises(Stopped, match=r"ZeroDivisionError: by accident\n\d+ of 32 shards are kept in .*goes on"):
        list(sweep(SMALL, journal(tmp_path), Here()))


def test_a_worker_with_other_code_is_refused(tmp_path, monkeypatch):
    stale = code() | {"sources": "0" * 64}
    monkeypatch.setattr(module, "shard", lambda plan, first: shard(plan, first) | {"code": stale})
    with pytest.raises(Stopped, match="runs other code"):
        list(sweep(SMALL, journal(tmp_path), Here()))
    assert not journal(tmp_path).finished


def kill_each_worker_after_a_shard(book):
    with executor(workers=2) as pool:
        for record in sweep(SMALL, book, pool):
            with suppress(ProcessLookupError):  # a pool that has lost one worker ends the others
                os.kill(record["pid"], signal.SIGKILL)


def test_a_killed_worker_of_the_pool_ends_the_run_and_the_next_one_completes_it(tmp_path, undisturbed):
    with pytest.raises(Stopped, match=r"BrokenProcessPool.*(\n.*)*of 32 shards are kept"):
        kill_each_worker_after_a_shard(journal(tmp_path))
    book = journal(tmp_path)
    assert 0 < len(book.finished) < 32
    before = set(book.finished)
    with executor(workers=2) as pool:
        again = {record["first"] for record in sweep(SMALL, book, pool)}
    assert again == set(SMALL.starts) - before
    each_shard_is_there_once(tmp_path)
    assert total(list(journal(tmp_path).finished.values())) == undisturbed


RUN = f"""
import sys
from pathlib import Path
from logitgrad.audit.sweep import Plan
from logitgrad.cli.sweep import run
if __name__ == "__main__":
    run(Plan("float32", 1 << 15, {SMALL.first}, {SMALL.first} + (1 << 22)), Path(sys.argv[1]), workers=2)
"""


def test_a_run_that_is_killed_loses_at_most_the_shards_in_work_and_leaves_no_process(tmp_path):
    command = [sys.executable, "-c", RUN, str(tmp_path)]
    with subprocess.Popen(command, stderr=subprocess.PIPE, text=True) as process:
        wait_for(lambda: kept(tmp_path) >= 3)
        process.kill()
        process.communicate(timeout=60)  # ends when the last process that holds the pipe ends: no worker is left
    plan = Plan("float32", 1 << 15, SMALL.first, SMALL.first + (1 << 22))
    book = journal(tmp_path, plan)
    assert 3 <= len(book.finished) < 128
    for first, record in list(book.finished.items())[:3]:
        assert total([record]) == check("float32", first, first + plan.shard)


def wait_for(condition, seconds=60):
    end = time.monotonic() + seconds
    while not condition():
        assert time.monotonic() < end, "it did not happen in time"
        time.sleep(0.01)


CLUSTER = """
import os, signal, sys, warnings
from pathlib import Path
from distributed import LocalCluster
from logitgrad._runs.journal import Journal
from logitgrad.audit.sweep import Plan, sweep
from logitgrad._runs.workers import executor

def kill_one(record):
    os.kill(record["pid"], signal.SIGKILL)

if __name__ == "__main__":
    warnings.simplefilter("ignore")
    first, size, shard = map(int, sys.argv[2:])
    plan = Plan("float32", shard, first, first + size)
    book = Journal(Path(sys.argv[1]), plan.identity())
    address = dict(host="127.0.0.1", dashboard_address=None)
    with LocalCluster(n_workers=2, threads_per_worker=1, processes=True, **address) as cluster:
        with executor(cluster.scheduler_address) as pool:
            for n, record in enumerate(sweep(plan, book, pool)):
                if n == 4:
                    kill_one(record)
    print(len({r["pid"] for r in book.finished.values()}), "workers")
"""


def test_no_shard_is_lost_or_counted_twice_when_a_worker_of_a_cluster_is_killed(tmp_path, undisturbed):
    pytest.importorskip("distributed")
    numbers = (SMALL.first, len(SMALL.magnitudes), SMALL.shard)
    done = subprocess.run(
        [sys.executable, "-c", CLUSTER, str(tmp_path), *map(str, numbers)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    assert int(done.stdout.split()[0]) >= 2
    each_shard_is_there_once(tmp_path)
    assert total(list(journal(tmp_path).finished.values())) == undisturbed


# The result


def test_the_result_says_what_was_checked_and_shows_itself(tmp_path, undisturbed, capsys):
    plan = Plan("float16", shard=1 << 13)
    table, path = run(plan, tmp_path, workers=1)
    assert "4 of 4 shards, about 0 s left" in capsys.readouterr().err
    assert path.parent == tmp_path and path.name.startswith("float16-")
    result = table.result
    assert result["complete"] and result["dtype"] == "float16" and table.passed
    assert [(row["function"], row["label"]) for row in result["functions"]] == [c[:2] for c in CHECKS]
    assert all(row["inputs"] == 1 << 16 for row in result["functions"])
    assert result["sources"] == code()["sources"]
    assert result["shards"] == 4 and result["workers"] == 1
    text, html = repr(table), table._repr_html_()
    assert "65,536" in text and "Every float16, for 13 functions" in text
    assert html.count("<tr>") == 1 + len(CHECKS) and "sigmoid_bce.grad" in html


def test_a_result_with_a_value_beyond_the_limit_has_not_passed(tmp_path):
    book = journal(tmp_path)
    list(sweep(SMALL, book, Here()))
    result = as_result(SMALL, book)
    assert not result["complete"] and Swept(result).passed
    result["functions"][2]["within"] -= 1
    assert not Swept(result).passed


# In a process of its own, and on Linux by its own pages: what the system calls a process's peak there begins with
# that of the process that started it, which is a test runner that has done other things.
PEAK = """
import re
from pathlib import Path
from logitgrad._runs.workers import peak_memory
from logitgrad.audit.sweep import Plan, shard
shard(Plan("float32", 1 << 17), 0x40000000)  # four blocks: what a block takes, a shard takes
own = Path("/proc/self/status")
print(int(re.search(r"VmHWM:\\s+(\\d+) kB", own.read_text())[1]) / 2**10 if own.exists() else peak_memory() or 0)
"""


def test_two_workers_and_this_process_take_less_than_a_gigabyte():
    done = subprocess.run([sys.executable, "-c", PEAK], capture_output=True, text=True, check=True)
    assert 3 * float(done.stdout) < 1000


def test_elapsed_time_goes_on_after_a_break(tmp_path):
    book = journal(tmp_path)
    began = sweep(SMALL, book, Here())
    next(began)
    began.close()
    [record] = book.finished.values()
    book.append(record | {"elapsed": 1000.0})
    list(sweep(SMALL, book, Here()))
    assert 1000 < max(record["elapsed"] for record in book.finished.values()) < 1000 + 60
