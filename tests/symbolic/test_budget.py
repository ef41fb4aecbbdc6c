"""The time limit holds inside calls that do not come back by themselves."""

import signal
import sys
import threading
import time

import pytest
from sympy import Abs, Max, Symbol, exp, simplify

from logitgrad.symbolic import Refuted, Undecided, prove_equal, sigma, z
from logitgrad.symbolic.budget import OutOfTime, time_limit

ladder = sys.modules["logitgrad.symbolic.prove"]


def nothing():
    pass


def hang(*_):
    while True:
        nothing()  # calls functions for ever, as a hanging simplify does


def swallowing(*_):
    """A hang behind a handler of the kind found in SymPy."""
    while True:
        try:
            hang()
        except Exception:  # the limit must not be one of those
            continue


class Destructor:
    def __del__(self):
        while time.monotonic() < self.until:
            nothing()


def swallowed_by_a_destructor(*_):
    """Python reports an error in a destructor and goes on: the limit has to strike again."""
    thing = Destructor()
    thing.until = time.monotonic() + 60
    del thing
    hang()


def seconds_until_out_of_time(block, limit=0.2):
    started = time.process_time()
    with pytest.raises(OutOfTime), time_limit(limit):
        block()
    return time.process_time() - started


def in_a_thread(work):
    """Run in another thread, where the tracing road is taken; hand back what it returned or raised."""
    outcome = []

    def run():
        try:
            outcome.append(work())
        except BaseException as problem:
            outcome.append(problem)

    thread = threading.Thread(target=run, daemon=True)
    thread.start()
    thread.join(60)
    assert not thread.is_alive()
    if isinstance(outcome[0], BaseException):
        raise outcome[0]
    return outcome[0]


def directly(work):
    return work()


anywhere = pytest.mark.parametrize("run", [directly, in_a_thread], ids=["main thread", "another thread"])


@anywhere
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@pytest.mark.parametrize("block", [hang, swallowing, swallowed_by_a_destructor])
def test_limit_ends_an_endless_loop(run, block):
    assert run(lambda: seconds_until_out_of_time(block)) < 2


@anywhere
@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
def test_limit_ends_a_slow_simplify(run):
    a, b, c, d = (Symbol(name, real=True) for name in "abcd")
    slow = sum(exp(a * n) * exp(b / n) / (exp(c * n) + exp(d) + n) for n in range(1, 9)) ** 3
    assert run(lambda: seconds_until_out_of_time(lambda: simplify(slow.diff(a)), limit=0.3)) < 10


@anywhere
def test_hanging_rung_is_passed_over_and_named(run, monkeypatch):
    rungs = tuple((name, hang if name == "rewriting" else rung) for name, rung in ladder.RUNGS)
    monkeypatch.setattr(ladder, "RUNGS", rungs)
    result = run(lambda: prove_equal(Max(z, 0) + Max(-z, 0), Abs(z), seconds=0.5))
    assert result.method == "3 cases"


@anywhere
def test_ladder_of_hanging_rungs_ends_undecided(run, monkeypatch):
    monkeypatch.setattr(ladder, "RUNGS", (("one", hang), ("two", hang)))
    result = run(lambda: prove_equal(z, z + 1, seconds=0.1))
    assert isinstance(result, Undecided)
    assert result.reasons == ("one: out of time (0.1 s)", "two: out of time (0.1 s)")


@anywhere
def test_inner_limit_ends_first_and_the_outer_still_holds(run):
    def nested():
        with time_limit(0.6):
            assert seconds_until_out_of_time(hang, limit=0.1) < 0.5
            hang()

    assert run(lambda: seconds_until_out_of_time(nested, limit=60)) < 3


@anywhere
def test_inner_limit_never_outlasts_the_outer(run):
    def patient():
        with time_limit(60):
            hang()

    assert run(lambda: seconds_until_out_of_time(patient)) < 2


@anywhere
def test_outer_limit_is_not_lost_when_inner_ones_swallow_its_alarm(run):
    def ladder_and_more():
        for _ in range(6):
            try:
                with time_limit(60):
                    hang()
            except OutOfTime:
                continue
        hang()

    assert run(lambda: seconds_until_out_of_time(ladder_and_more)) < 3


@anywhere
def test_what_ends_in_time_is_left_alone(run):
    def quick():
        with time_limit(60):
            return 1 + 1

    assert run(quick) == 2


@anywhere
def test_waiting_is_no_work(run):
    """On a busy machine a proof waits for its turn: that must not make it undecided."""

    def patient():
        with time_limit(0.2):
            time.sleep(0.5)
            return "done"

    assert run(patient) == "done"


def test_work_of_another_thread_is_not_counted_in_a_thread():
    until = time.monotonic() + 0.6

    def work():
        while time.monotonic() < until:
            nothing()

    def beside():
        other = threading.Thread(target=work, daemon=True)
        other.start()
        with time_limit(0.3):
            other.join(60)
        return time.monotonic() >= until

    assert in_a_thread(beside)


@anywhere
def test_errors_inside_pass_through(run):
    def failing():
        with time_limit(60):
            raise KeyError("inside")

    with pytest.raises(KeyError, match="inside"):
        run(failing)


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="this system has no interval timer")
def test_timer_and_handler_of_others_are_restored():
    def handler(*_):
        pass

    previous = signal.signal(signal.SIGPROF, handler)
    signal.setitimer(signal.ITIMER_PROF, 100, 7)
    try:
        with time_limit(1):
            nothing()
        left, repeat = signal.getitimer(signal.ITIMER_PROF)
        assert signal.getsignal(signal.SIGPROF) is handler
        assert 90 < left < 100.1  # some systems count in ticks
        assert repeat == 7
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, previous)


@anywhere
def test_tracer_of_others_is_restored(run):
    def traced():
        def look(*_):
            return None

        before = sys.gettrace()
        sys.settrace(look)
        try:
            with time_limit(60):
                nothing()
            return sys.gettrace() is look
        finally:
            sys.settrace(before)

    assert run(traced)


def test_proofs_and_refutations_work_in_another_thread():
    assert in_a_thread(lambda: prove_equal(sigma(-z), 1 - sigma(z))).status == "proved"
    assert isinstance(in_a_thread(lambda: prove_equal(sigma(-z), sigma(z))), Refuted)


def test_out_of_time_is_no_exception_that_a_handler_would_swallow():
    assert not issubclass(OutOfTime, Exception)


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="this system has no interval timer")
def test_alarm_that_comes_late_is_ignored():
    with time_limit(60):
        ring = signal.getsignal(signal.SIGPROF)
        with pytest.raises(OutOfTime):
            ring(signal.SIGPROF, None)
    ring(signal.SIGPROF, None)


def test_tracer_of_others_sees_the_calls_inside():
    def traced():
        seen = []
        before = sys.gettrace()
        sys.settrace(lambda frame, event, arg: seen.append((frame.f_code.co_name, event)))
        try:
            with time_limit(60):
                nothing()
        finally:
            sys.settrace(before)
        return seen

    assert ("nothing", "call") in in_a_thread(traced)


def mechanism():
    """Which of the two watches over a block."""
    before = sys.gettrace()
    with time_limit(60):
        timed, traced = signal.getitimer(signal.ITIMER_PROF)[0] > 0, sys.gettrace() is not before
    return timed, traced


@pytest.mark.skipif(not hasattr(signal, "setitimer"), reason="this system has no interval timer")
def test_timer_watches_in_the_main_thread_and_a_tracer_anywhere_else(monkeypatch):
    assert mechanism() == (True, False)
    assert in_a_thread(mechanism) == (False, True)
    with monkeypatch.context() as browser:
        browser.setattr(sys, "platform", "emscripten")
        assert mechanism() == (False, True)
    with monkeypatch.context() as windows:
        windows.delattr(signal, "setitimer")
        assert mechanism() == (False, True)


def test_profiler_of_others_is_restored():
    def profiled():
        def look(*_):
            return None

        sys.setprofile(look)
        try:
            with time_limit(60):
                nothing()
            return sys.getprofile() is look
        finally:
            sys.setprofile(None)

    assert in_a_thread(profiled)


def test_a_tracer_does_not_ask_for_the_time_at_each_call(monkeypatch):
    asked = []

    def clock():
        asked.append(True)
        return 0.0

    def work():
        with time_limit(60):
            for _ in range(3200):
                nothing()

    monkeypatch.setattr("logitgrad.symbolic.budget._used", clock)
    in_a_thread(work)
    assert 50 <= len(asked) <= 200


def test_an_alarm_that_is_swallowed_comes_again_soon():
    swallowed, started = 0, time.process_time()
    with time_limit(0.05):
        while swallowed < 5 and time.process_time() < started + 3:
            try:
                hang()
            except OutOfTime:
                swallowed += 1
    assert swallowed == 5


def test_a_clock_that_stands_at_the_deadline_has_not_passed_it(monkeypatch):
    def work():
        with time_limit(0):
            for _ in range(100):
                nothing()
        return "done"

    monkeypatch.setattr("logitgrad.symbolic.budget._used", lambda: 0.0)
    assert in_a_thread(work) == "done"


@anywhere
def test_inner_limit_takes_nothing_from_the_outer(run):
    def patient():
        until = time.process_time() + 0.3
        with time_limit(1):  # less than the process has used already
            with time_limit(10):
                nothing()
            while time.process_time() < until:
                nothing()
        return "done"

    assert run(patient) == "done"
