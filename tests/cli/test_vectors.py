"""The vectors command, as a person or a program meets it."""

from __future__ import annotations

import json

from click.testing import CliRunner

from logitgrad.audit import vectors
from logitgrad.cli import main


def run(*arguments: str):
    return CliRunner().invoke(main, ["vectors", *arguments])


def shipped(function: str, dtype: str):
    return list(vectors.cases(functions=[function], dtypes=[dtype]))


def test_a_named_function_of_one_type_is_printed_as_json_and_is_what_is_shipped():
    result = run("sigmoid", "--dtype", "float16")
    assert result.exit_code == 0
    document = json.loads(result.stdout)
    assert [function["name"] for function in document["functions"]] == ["sigmoid"]
    assert list(vectors.cases(document)) == shipped("sigmoid", "float16")


def test_types_may_be_repeated_and_come_in_the_order_of_the_file():
    document = json.loads(run("logsumexp", "--dtype", "float32", "--dtype", "float16").stdout)
    dtypes = [group["dtype"] for group in document["functions"][0]["groups"]]
    assert dtypes == sorted(dtypes) and set(dtypes) == {"float16", "float32"}


def test_lines_are_those_of_the_shipped_file():
    head, *lines = run("softmax", "--dtype", "float32", "--format", "tsv").stdout.splitlines()
    whole = vectors.shipped("vectors.tsv").splitlines()
    assert head == whole[0]
    assert lines == [line for line in whole if line.split("\t")[1:3] == ["softmax", "float32"]]


def test_output_goes_to_a_file_and_nothing_is_printed(tmp_path):
    target = tmp_path / "vectors.json"
    result = run("sigmoid", "--dtype", "float16", "--output", str(target))
    assert (result.exit_code, result.output) == (0, "")
    assert target.read_bytes().decode() == run("sigmoid", "--dtype", "float16").stdout


def test_a_file_is_not_replaced_unless_that_is_asked_for(tmp_path):
    target = tmp_path / "mine.json"
    target.write_text("mine", encoding="utf-8")
    arguments = ("sigmoid", "--dtype", "float16", "--output", str(target))
    refused = run(*arguments)
    assert refused.exit_code == 2 and "--force replaces it" in refused.output
    assert target.read_text(encoding="utf-8") == "mine"
    assert run(*arguments, "--force").exit_code == 0
    assert json.loads(target.read_text(encoding="utf-8"))["format"] == "logitgrad-vectors"


def test_a_file_that_cannot_be_written_is_answered_with_the_reason(tmp_path):
    result = run("sigmoid", "--dtype", "float16", "--output", str(tmp_path / "none" / "vectors.json"))
    assert result.exit_code == 1
    assert "cannot write" in result.output and "No such file or directory" in result.output


def test_an_unknown_function_is_answered_with_the_known_ones_and_status_2():
    result = run("sigmoid", "sigmoyd")
    assert result.exit_code == 2
    assert "no function sigmoyd" in result.output and "softmax_ce.hvp" in result.output


def test_an_unknown_type_is_answered_with_status_2():
    assert run("--dtype", "float8").exit_code == 2
