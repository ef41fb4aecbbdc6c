"""The check command, as a person, a teacher or a program meets it."""

import csv
import io
import json
import re
import signal
import subprocess
import sys
import time

import pytest
from click.testing import CliRunner
from pylatexenc import latex2text

from logitgrad.cli import main
from logitgrad.exercises import bulk, check, exercises
from logitgrad.exercises.sheet import Unreadable, guarded, parse, unguarded

LABEL, LOG = "ex-sigmoid-bce-label", "ex-softmax-log-gradient"


def run(*arguments, **more):
    return CliRunner().invoke(main, ["check", *map(str, arguments)], **more)


# One answer


@pytest.mark.parametrize("answer", ["-z", "log((1 - p)/p)", r"-\log\frac{p}{1-p}"])
def test_a_right_answer_gives_status_0_and_the_verdict_s_own_text(answer):
    result = run(LABEL, answer)
    assert result.exit_code == 0
    assert result.output.strip() == str(check(LABEL, answer))


@pytest.mark.parametrize("answer", ["z", "1/2 - p", "sin(", "-tanh(z)", "--z", "-h", "-json"])
def test_any_other_verdict_gives_status_1(answer):
    result = run(LABEL, answer)
    assert result.exit_code == 1
    assert result.output.strip() == str(check(LABEL, answer)).strip()


def test_words_that_the_shell_separates_belong_together():
    assert json.loads(run(LABEL, "p", "-", "y", "--json").stdout)["understood"]["text"] == "p - y"


def test_options_may_stand_anywhere():
    for arguments in ((LABEL, "-z", "--json"), ("--json", LABEL, "-z"), (LABEL, "--json", "--", "-z")):
        assert json.loads(run(*arguments).stdout)["verdict"] == "right"


def test_json_is_the_verdict_s_own():
    result = run("--json", LABEL, "z")
    assert result.exit_code == 1
    assert json.loads(result.stdout) == check(LABEL, "z").as_json()


@pytest.mark.parametrize("typed", [b"-z\n", b"\xef\xbb\xbf-z", "−z".encode()])
def test_an_answer_is_read_from_the_standard_input(typed):
    assert run(LABEL, "-", input=typed).exit_code == 0


def test_a_standard_input_in_another_encoding_gives_status_2():
    result = run(LABEL, "-", input="σ(z)".encode("utf-16"))
    assert result.exit_code == 2 and "not in UTF-8" in result.output


def test_an_unknown_exercise_is_answered_with_the_nearest_and_status_2():
    result = run("ex-sigmoid-bce-labl", "z")
    assert result.exit_code == 2
    assert f"did you mean {LABEL}" in result.output


@pytest.mark.parametrize("arguments", [(), ("--list",)])
def test_without_an_exercise_all_are_listed_with_what_is_asked(arguments):
    result = run(*arguments)
    assert result.exit_code == 0
    assert [line for line in result.output.splitlines() if line.startswith("ex-")] == list(exercises)
    assert "What is ∂ L/∂ y, the derivative of the loss by the target?" in result.output
    assert not set("\\$*") & set(result.output)


@pytest.mark.parametrize("entry", exercises.values(), ids=lambda entry: entry.id)
def test_terminal_has_a_letter_or_sign_for_every_macro_of_what_is_asked(entry):
    macros = set(re.findall(r"\\([A-Za-z]+)", entry.asked)) - {"bigl", "bigr"}  # these size what follows
    # Nothing would stand in their place: the converter leaves out what it does not know.
    assert [name for name in macros if not latex2text.get_default_latex_context_db().get_macro_spec(name)] == []


def test_the_list_as_json_has_the_documented_keys():
    listed = json.loads(run("--json").stdout)
    assert [set(one) for one in listed] == [{"exercise", "chapter", "asked", "symbols", "form"}] * len(exercises)


def test_an_exercise_without_an_answer_is_shown():
    result = run(LABEL)
    assert result.exit_code == 0
    assert "May be typed: z, y, p" in result.output
    assert json.loads(run(LABEL, "--json").stdout)["exercise"] == LABEL


@pytest.mark.parametrize("arguments", [("--help",), ("-h",)])
def test_help_says_what_the_exit_status_means(arguments):
    result = run(*arguments)
    assert result.exit_code == 0 and "The exit status is 0 if the answer is right" in result.output


@pytest.mark.parametrize(
    "option", [("--into", "v.csv"), ("--scheduler", "tcp://h:1"), ("--workers", "2"), ("--force",)]
)
def test_what_is_for_files_needs_a_file(option):
    result = run(*option, LABEL, "z")
    assert result.exit_code == 2 and "need --file" in result.output


# A file

ROWS = f"""student,exercise,answer,group
Ann,{LABEL},-z,1
Bo,{LABEL},p - y,2
Cy,{LABEL},"-y
+ p",2
Di,ex-sigmoid-bce-labl,z,1
Ed,{LABEL}
Fi,{LABEL},a,b,c,d

Gil,{LABEL}," ",1
Hu,{LABEL},"z,1
Ira,{LOG},"delta_ij - p_i",1,,
,,,
Émile,{LABEL},−z,-2
"""
BAD = {
    6: "did you mean ex-sigmoid-bce-label",
    7: "it has 2 fields for 4 columns",
    8: "it has 6 fields for 4 columns; an answer with a comma stands in double quotes",
    10: "it has no answer",
    11: "its quotes do not match",
}


@pytest.fixture
def answers(tmp_path):
    path = tmp_path / "answers.csv"
    path.write_text(ROWS, encoding="utf-8")
    return path


def rows(path):
    return list(csv.DictReader(io.StringIO(path.read_text(encoding="utf-8-sig"))))


def test_a_file_is_checked_row_by_row_whatever_is_wrong_with_some(answers, tmp_path):
    into = tmp_path / "verdicts.csv"
    result = run("--file", answers, "--into", into)
    assert result.exit_code == 1  # some rows were not checked
    verdicts = rows(into)
    assert [row["verdict"] for row in verdicts] == [
        *("right", "wrong", "wrong"),
        *["not checked"] * 5,
        *("right", "right"),
    ]
    for line, said in BAD.items():
        [found] = [text for text in result.stderr.splitlines() if text.startswith(f"line {line}: ")]
        assert said in found
        assert found.removeprefix(f"line {line}: ") in [row["message"] for row in verdicts]
    assert [row["student"] for row in verdicts] == [
        *("Ann", "Bo", "Cy", "Di", "Ed", "Fi", "Gil", "Hu", "Ira", "Émile")
    ]
    assert verdicts[1]["group"] == "2" and verdicts[-1]["group"] == "-2"
    assert f"{LABEL}: 4 answers (2 different): 2 right, 2 wrong" in result.stdout
    assert "2 x  p - y" in result.stdout and "That is the derivative by the logit." in result.stdout
    assert "5 of 10 rows checked" in result.stdout


def test_a_row_has_what_a_check_by_itself_says(answers, tmp_path):
    run("--file", answers, "--into", tmp_path / "v.csv")
    row, verdict = rows(tmp_path / "v.csv")[1], check(LABEL, "p - y")
    assert (row["message"], row["understood"], row["hint"]) == (verdict.message, verdict.text, verdict.hint)
    assert (row["yours"], row["expected"]) == verdict.values
    assert row["point"] == ", ".join(f"{name} = {value}" for name, value in verdict.point.items())


def test_status_is_0_where_every_row_was_checked_right_or_wrong():
    result = run("--file", "-", input=f"exercise,answer\n{LABEL},z\n")
    assert result.exit_code == 0 and "1 of 1 rows checked" in result.stdout


def test_the_summary_as_json_has_the_documented_keys(answers):
    report = json.loads(run("--file", answers, "--json").stdout)
    assert set(report) == {"rows", "checked", "not checked", "exercises"}
    assert (report["rows"], report["checked"]) == (10, 5)
    assert [problem["line"] for problem in report["not checked"]] == list(BAD)
    first = report["exercises"][0]
    assert set(first) == {"exercise", "asked", "answers", "different", "verdicts", "commonest wrong"}
    assert set(first["commonest wrong"][0]) == {"answers", "understood", "point", "values", "hint"}


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"], ids=["without mark", "with mark"])
@pytest.mark.parametrize("end", ["\n", "\r\n", "\r"], ids=["LF", "CRLF", "CR"])
def test_a_mark_of_the_encoding_and_any_line_ends_are_read_and_the_mark_is_kept(tmp_path, mark, end):
    content = mark + f"Exercise,Answer{end}{LABEL},-z{end}{LABEL},{end}".encode()
    (tmp_path / "a.csv").write_bytes(content)
    result = run("--file", tmp_path / "a.csv", "--into", tmp_path / "v.csv")
    assert "line 3: it has no answer" in result.stderr
    written = (tmp_path / "v.csv").read_bytes()
    assert written.startswith(mark + b"Exercise,Answer,verdict,") and written.count(b"\xef\xbb\xbf") == bool(mark)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ("exercise,answer\n".encode("utf-16"), "it is in UTF-16"),
        ("exercise,answer\n".encode("utf-16-le"), "it is in UTF-16"),
        ("exercise,answer\na,é\n".encode("latin-1"), "line 2 is not in UTF-8 (byte 0xe9)"),
        (b"student;exercise;answer\n", "separated by semicolons, not by commas"),
        (b"student\texercise\tanswer\n", "separated by tabs"),
        (b"student,exercise\n", "it has no column 'answer'; line 1 names 'student', 'exercise'"),
        (b"exercise,answer,answer\n", "it has more than one column 'answer'"),
        (b"exercise,answer,Verdict\n", "it has a column 'Verdict' already"),
        (b'exercise,"answer\n', "line 1 should name the columns"),
        (b"", "it is empty"),
        (b" \n\n", "it is empty"),
    ],
)
def test_what_is_no_table_of_answers_is_said_with_status_2(tmp_path, content, said):
    with pytest.raises(Unreadable) as raised:
        parse(content)
    assert said in str(raised.value)
    (tmp_path / "a.csv").write_bytes(content)
    result = run("--file", tmp_path / "a.csv")
    assert result.exit_code == 2 and said.split()[0] in result.output


def test_a_file_that_is_there_is_kept_unless_forced(answers, tmp_path):
    into = tmp_path / "v.csv"
    into.write_text("mine")
    assert run("--file", answers, "--into", into).exit_code == 2 and into.read_text() == "mine"
    assert run("--file", answers, "--into", into, "--force").exit_code == 1
    assert into.read_text().startswith("student,")
    assert run("--file", answers, "--into", answers, "--force").exit_code == 2  # never the answers themselves


def test_a_file_that_is_not_there_gives_status_2(tmp_path):
    result = run("--file", tmp_path / "no.csv")
    assert result.exit_code == 2 and "No such file" in result.output


def test_a_file_and_an_exercise_together_are_refused(answers):
    assert run("--file", answers, LABEL, "z").exit_code == 2


@pytest.mark.parametrize("cell", ["=1+1", "-z", "+z", "@sum", "\t=1", "\r=1", " =1", "＝1", "-2z", "-1-1"])
def test_what_a_spreadsheet_takes_for_a_formula_is_guarded_and_comes_back(cell):
    assert guarded(cell) == f"'{cell}" and unguarded(guarded(cell)) == cell
    assert guarded(guarded(cell)) == guarded(cell)


@pytest.mark.parametrize("cell", ["-1", "+2,5", "-1e5", "z - y", "'", "'z", "", "Ann"])
def test_a_number_and_plain_text_stay_as_they_are(cell):
    assert guarded(cell) == cell and unguarded(cell) == cell


def test_no_cell_that_is_written_begins_a_formula(tmp_path):
    hostile = f"student,exercise,answer,=x\n\"=cmd|' /C calc'!A0\",{LABEL},=z,+1+1\n@a,{LABEL},-z,-1\nb,=x,-z,1\n"
    run("--file", "-", "--into", tmp_path / "v.csv", input=hostile)
    text = (tmp_path / "v.csv").read_text(encoding="utf-8")
    cells = [cell for row in csv.reader(io.StringIO(text)) for cell in row]
    assert not [cell for cell in cells if cell.lstrip()[:1] in tuple("=+-@") and cell != "-1"]


def test_verdicts_without_their_columns_can_be_checked_again(tmp_path):
    run("--file", "-", "--into", tmp_path / "v.csv", input=f"exercise,answer\n{LABEL},-z\n")
    again = [line.split(",")[:2] for line in (tmp_path / "v.csv").read_text().splitlines()]
    assert again[1] == [LABEL, "'-z"]
    result = run("--file", "-", input="\n".join(",".join(row) for row in again))
    assert "1 right" in result.stdout


# A run that is broken off


def test_an_interrupted_run_goes_on_where_it_stopped(answers, tmp_path, monkeypatch):
    asked, check_apart = [], bulk.check_apart

    def interrupted(exercise, text, **limits):
        asked.append(text)
        if len(asked) == 2:
            raise KeyboardInterrupt
        return check_apart(exercise, text, **limits)

    into, command = tmp_path / "v.csv", ("--file", answers, "--into", tmp_path / "v.csv", "--workers", "1")
    monkeypatch.setattr(bulk, "check_apart", interrupted)
    result = run(*command)
    assert result.exit_code == 1 and not into.exists()
    assert f"interrupted; what is finished is kept in {into}.unfinished: the same command goes on" in result.output
    first = asked[0]
    del asked[:2]
    asked += ["", ""]
    assert run(*command).exit_code == 1
    assert into.exists() and first not in asked
    assert not list(tmp_path.glob("*.unfinished"))


@pytest.mark.slow
def test_a_run_that_is_killed_goes_on_where_it_stopped_and_leaves_no_process(tmp_path):
    lines = ["exercise,answer", *(f"{LABEL},{n} z" for n in range(2, 400))]
    (tmp_path / "a.csv").write_text("\n".join(lines))
    journal = tmp_path / "v.csv.unfinished" / "journal.jsonl"
    command = [sys.executable, "-m", "logitgrad", "check", "--file", "a.csv", "--into", "v.csv"]
    with subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.PIPE, text=True) as process:
        deadline = time.monotonic() + 120
        while not journal.exists() or journal.read_bytes().count(b"\n") < 20:
            assert time.monotonic() < deadline and process.poll() is None
            time.sleep(0.02)
        process.send_signal(signal.SIGKILL)
        process.communicate(timeout=60)  # ends when the last process that holds the pipe ends
    before = journal.read_bytes().count(b"\n") - 1
    assert 19 <= before < 398
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0 and "398 of 398 rows checked" in done.stdout
    assert [row["verdict"] for row in rows(tmp_path / "v.csv")] == ["wrong"] * 398
    assert not journal.exists()


def test_a_scheduler_that_does_not_answer_is_said_and_nothing_is_lost(answers, tmp_path):
    pytest.importorskip("distributed")
    result = run("--file", answers, "--into", tmp_path / "v.csv", "--scheduler", "nonsense://")
    assert result.exit_code == 1
    assert "what is finished is kept in" in result.output


def test_without_dask_a_scheduler_says_what_to_install(answers, monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    result = run("--file", answers, "--scheduler", "tcp://127.0.0.1:1")
    assert result.exit_code == 1 and "pip install 'logitgrad[cluster]'" in result.output
