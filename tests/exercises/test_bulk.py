"""Answers in bulk: each is answered, what says the same is proved once, and nothing that happens loses the run."""

import json
import logging
import os
import signal
import subprocess
import sys
from concurrent.futures import Future, ThreadPoolExecutor

import pytest

from logitgrad._runs.workers import executor
from logitgrad.exercises import bulk, check
from logitgrad.exercises.bulk import Answer, OtherLibrary, check_all, identity, known, open_journal
from logitgrad.exercises.exercise import UnknownExercise
from logitgrad.exercises.summary import COMMONEST, summary

from ..executors import Here
from .test_entries import EXAMS

LABEL, LOG, SIGNED = "ex-sigmoid-bce-label", "ex-softmax-log-gradient", "ex-tanh-ce-signed"
SAME = [(LABEL, text) for text in ("p - y", "-y + p", "σ(z) − y", r"\sigma(z) - y", "p-y")]
MIXED = [
    *SAME,
    (LABEL, "-z"),
    (LABEL, "sin("),
    (LABEL, " sin("),
    (LOG, "delta_ij - p_i"),
    (LOG, "1 - p_i"),
    (LABEL, "-z"),
]
SUMS = [(LOG, f"delta_ij - e^{{z_i}}/sum_{letter} e^{{z_{letter}}}") for letter in "klm"]


@pytest.fixture
def proofs(monkeypatch):
    """The answers that are proved, in order."""
    asked, check_apart = [], bulk.check_apart

    def counted(*answer, **limits):
        asked.append(answer)
        return check_apart(*answer, **limits)

    monkeypatch.setattr(bulk, "check_apart", counted)
    return asked


# What comes out


def test_every_verdict_is_that_of_a_check_by_itself():
    for answer, checked in zip(MIXED, check_all(MIXED), strict=True):
        assert checked.verdict == check(*answer)


@pytest.mark.slow
@pytest.mark.parametrize(("name", "exam"), EXAMS.items(), ids=EXAMS)
def test_the_exam_comes_out_the_same_in_bulk(name, exam):
    answers = [(name, text) for text in (*exam.right, *exam.wrong, *exam.right_if, exam.invalid)]
    assert [checked.verdict for checked in check_all(answers)] == [check(*answer) for answer in answers]


def test_answers_that_say_the_same_are_proved_once(proofs):
    found = check_all(SAME * 3)
    assert proofs == [SAME[0]]
    assert len({checked.meaning for checked in found}) == 1
    assert [checked.verdict.text for checked in found[:2]] == ["p - y", "-y + p"]


def test_the_letter_of_a_sum_makes_no_difference(proofs):
    assert [checked.verdict.kind for checked in check_all(SUMS)] == ["right"] * 3
    assert len(proofs) == 1


def test_one_text_for_two_exercises_is_two_answers(proofs):
    check_all([(LABEL, "z"), (SIGNED, "z")])
    assert len(proofs) == 2


def test_what_is_not_understood_keeps_its_own_place(proofs):
    first, second = check_all([(LABEL, "sin("), (LABEL, "  sin(")])
    assert second.verdict.place[0] == first.verdict.place[0] + 2
    assert len(proofs) == 2


def test_nothing_is_checked_before_all_exercises_are_known(proofs):
    with pytest.raises(UnknownExercise, match="did you mean"):
        check_all([*SAME, ("ex-sigmoid-bce-labl", "z")])
    assert not proofs


def test_no_answers_are_no_work():
    assert check_all([]) == []


@pytest.mark.slow
def test_an_answer_over_its_limits_is_undecided_and_the_others_are_not_held_up(monkeypatch):
    long = "sum_k (" + " + ".join(f"e^(z_k^{n})" for n in range(2, 9)) + ")^2"
    first, second = check_all([(LOG, long), (LABEL, "-z")], seconds=0.3)
    assert second.verdict.kind == "right"
    assert first.verdict.kind in ("undecided", "wrong") and first.verdict.message


def test_a_process_without_memory_gives_undecided_with_the_reason(monkeypatch):
    monkeypatch.setattr(bulk, "apart", no_memory)
    monkeypatch.setattr(bulk, "check_apart", lambda *answer, **limits: check(*answer))
    [found] = check_all([(LABEL, "-z")])  # it could not be read first, and is checked all the same
    assert found.verdict == check(LABEL, "-z")


def no_memory(*arguments, **limits):
    raise MemoryError


def test_a_process_that_is_ended_is_asked_once_more(monkeypatch):
    verdicts = iter([bulk.Verdict(LABEL, "-z", "undecided", reason=bulk.ENDED), check(LABEL, "-z")])
    monkeypatch.setattr(bulk, "check_apart", lambda *answer, **limits: next(verdicts))
    assert check_all([(LABEL, "-z")])[0].verdict.kind == "right"


# Executors


@pytest.mark.parametrize("pool", [Here(), ThreadPoolExecutor(3)], ids=["here", "threads"])
def test_any_executor_gives_the_same(pool):
    with pool:
        assert check_all(MIXED, pool) == check_all(MIXED)


class Losing(Here):
    """Loses every other task, as a cluster does whose workers are killed."""

    submitted = 0

    def submit(self, task, /, *arguments):
        self.submitted += 1
        if self.submitted % 2:
            return super().submit(task, *arguments)
        future = Future()
        future.set_exception(RuntimeError("the worker was killed"))
        return future


def test_what_an_executor_loses_is_done_here_and_said(caplog):
    with caplog.at_level(logging.WARNING):
        assert check_all(MIXED, Losing()) == check_all(MIXED)
    assert "answers were lost (RuntimeError: the worker was killed); they are checked here" in caplog.text


def test_a_worker_with_another_library_is_refused(monkeypatch):
    stale = bulk.code() | {"sources": "0" * 64}
    submit = Here.submit
    monkeypatch.setattr(Here, "submit", lambda self, task, code, *rest: submit(self, task, stale, *rest))
    with pytest.raises(OtherLibrary, match="has another library"):
        check_all(SAME, Here())


@pytest.mark.slow
def test_processes_give_the_same():
    with executor(workers=1) as pool:
        assert check_all(MIXED, pool) == check_all(MIXED)


@pytest.mark.slow
def test_a_pool_whose_worker_is_killed_does_not_lose_the_run(caplog):
    with executor(workers=1) as pool:
        pid = pool.submit(os.getpid).result()
        os.kill(pid, signal.SIGKILL)
        assert check_all(MIXED, pool) == check_all(MIXED)
    assert "BrokenProcessPool" in caplog.text


CLUSTER = """
import json, sys, warnings
from distributed import LocalCluster
from logitgrad.exercises.bulk import check_all
from logitgrad._runs.workers import cluster

if __name__ == "__main__":
    warnings.simplefilter("ignore")
    address = dict(host="127.0.0.1", dashboard_address=None)
    with LocalCluster(n_workers=1, threads_per_worker=2, processes=True, **address) as workers:
        with cluster(workers.scheduler_address) as pool:
            found = check_all(json.loads(sys.argv[1]), pool)
    print(json.dumps([checked.verdict.as_json() for checked in found]))
"""


@pytest.mark.slow
def test_a_cluster_gives_the_same():
    pytest.importorskip("distributed")
    command = [sys.executable, "-c", CLUSTER, json.dumps(MIXED)]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert "were lost" not in done.stderr
    assert json.loads(done.stdout) == [checked.verdict.as_json() for checked in check_all(MIXED)]


# The journal


def test_what_is_finished_is_not_checked_again(tmp_path, proofs):
    first = check_all(MIXED[:3], journal=open_journal(tmp_path))
    del proofs[:]
    again = check_all(MIXED, journal=open_journal(tmp_path))
    assert not set(SAME) & set(proofs)  # those left say the same as the first
    assert again[:3] == first and again == check_all(MIXED)
    assert len(known(map(Answer._make, MIXED), open_journal(tmp_path))) == len(set(MIXED))
    del proofs[:]
    assert check_all(MIXED, journal=open_journal(tmp_path)) == again and not proofs


def test_a_run_that_breaks_off_keeps_what_it_has(tmp_path, monkeypatch):
    check_apart = bulk.check_apart

    def breaks(exercise, text, **limits):
        if text == "1 - p_i":
            raise OSError("no process can be started")
        return check_apart(exercise, text, **limits)

    monkeypatch.setattr(bulk, "check_apart", breaks)
    with pytest.raises(OSError, match="no process"):
        check_all(MIXED, Here(), journal=open_journal(tmp_path))
    kept = known(map(Answer._make, MIXED), open_journal(tmp_path))
    assert set(MIXED) - set(kept) == {(LOG, "1 - p_i")}


@pytest.mark.parametrize(("name", "value"), [("seconds", 3.0), ("with", {"sources": "0" * 64}), ("format", 0)])
def test_the_journal_of_another_library_or_other_limits_is_begun_anew(tmp_path, monkeypatch, name, value):
    check_all(SAME, journal=open_journal(tmp_path))
    other = identity() | {name: value}
    monkeypatch.setattr(bulk, "identity", lambda *limits: other)
    assert not open_journal(tmp_path).finished


def test_what_a_verdict_depends_on_is_in_the_digest(monkeypatch, tmp_path):
    before = bulk.code()
    for folder in ("symbolic", "exercises"):
        (tmp_path / folder).mkdir()
    (tmp_path / "exercises" / "check.py").write_text("changed")
    monkeypatch.setattr(bulk, "files", lambda package: tmp_path)
    bulk.code.cache_clear()
    try:
        assert bulk.code()["sources"] != before["sources"]
    finally:
        bulk.code.cache_clear()


# The summary


def test_the_summary_counts_and_names_the_commonest_wrong_answers_in_most_people_s_words():
    answers = [Answer(LABEL, text) for text in ["p - y", "-y + p", "-y + p", "z", "-z", "-z", "sin("]] + [
        Answer(LOG, "1")
    ]
    done = dict(zip(answers, check_all(answers), strict=True))
    label, log = summary(answers, done)
    assert (label["exercise"], label["answers"], label["different"]) == (LABEL, 7, 4)
    assert label["verdicts"] == {"right": 2, "wrong": 4, "right if": 0, "undecided": 0, "not understood": 1}
    first, second = label["commonest wrong"]
    assert (first["answers"], first["understood"]["text"], second["answers"]) == (3, "-y + p", 1)
    assert first["hint"].startswith("That is the derivative by the logit")
    assert log["answers"] == 1


def test_the_summary_names_a_few():
    answers = [Answer(LABEL, f"{n} z") for n in range(1, COMMONEST + 4)]
    [found] = summary(answers, dict(zip(answers, check_all(answers), strict=True)))
    assert len(found["commonest wrong"]) == COMMONEST < found["verdicts"]["wrong"]


def test_checking_in_bulk_loads_no_numpy():
    code = "import sys, logitgrad.exercises.sheet, logitgrad.exercises.summary; print('numpy' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "False"
