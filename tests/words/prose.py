"""The prose of the repository, without its code and its mathematics.

`write_prose` writes, for every page and every Python file, a file of the same name. Words stand there where they
stood, on the same line and in the same column; whatever is not prose has become dots. The prose of a Python file
is its docstrings and its comments, and in the library also its strings of three words and more, which are error
messages, theorems in words and alternative texts.
"""

from __future__ import annotations

import re
import tokenize
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

FILES = ("*.md", "book/*.md", "book/_ext/*.py", "lib/**/*.py", "tests/**/*.py", "benchmarks/**/*.py")
DOT = "·"  # not a letter: the words on both sides of it are not neighbours

# A directive's text is prose, and so is its title, unless it is one of these; a fence without a directive is code.
NO_PROSE = r"(?!\{)|\{(?:code-cell|glue:|math|literalinclude|bibliography|eval-rst|auto|toctree|raw)"
OPENING = r"^[`:]{3,}(?:\{(?:solution[\w-]*|asked|answer)\} *\S+|\{[\w-]+\})"
# What a reader reads of a cell all the same: captions, alternative texts and comments.
READ = r"^ +(?:caption|alt): |^[^#\"']*# "
FRONT_MATTER = r"\A---\n.*?\n---\n"
NOT_PROSE = (
    r"\$\$.*?\$\$(?: \(.*?\))?|(?<!\\)\$[^$]+\$",  # mathematics and its label
    r"(?:\{[\w:]+\})?(`+)[^`].*?\1",  # code and roles
    r"^\([\w-]+\)=$|^:[\w-]+:.*?$|\]\([^)\s]*\)|https?://[^\s>)]*",  # labels, options, targets
    r"\b\w+=\w+|\w+#\d+|[\w./-]*\w\.(?:css|json|md|py|toml|txt|ya?ml)\b",  # arguments, issues, files
)
DOCTEST = r"^ *>>> .*?(?=^\s*$|\Z)"
# A string of three words, and no backslash of a formula, is there to be read.
SENTENCE = re.compile(r"[^\\]*[^\W\d_]+ [^\W\d_]+,? [^\W\d_]+[^\\]*")


def without(text: str, *patterns: str) -> str:
    """Turn what matches into dots; spaces and ends of lines stay."""
    for pattern in patterns:
        text = re.sub(pattern, lambda match: re.sub(r"\S", DOT, match[0]), text, flags=re.M | re.S)
    return text


def pages_lines(text: str) -> Iterator[str]:
    """Yield the lines of a page, without its cells and the marks of its directives."""
    open_fences: list[tuple[str, bool]] = []  # mark, and whether prose is inside
    for line in text.splitlines(keepends=True):
        mark, rest = re.match(r"([`:]{3,})?(.*)", line).groups()
        inside = not open_fences or open_fences[-1][1]
        if mark and not rest and open_fences and open_fences[-1][0] == mark:
            open_fences.pop()
            yield without(line, r".+")
        elif mark and inside:
            open_fences.append((mark, not re.match(NO_PROSE, rest)))
            yield without(line, OPENING if open_fences[-1][1] else r".+")
        else:
            yield line if inside else without(line, READ if re.match(READ, line) else r".+")


def page(text: str) -> str:
    """Return the prose of a page of MyST."""
    return without("".join(pages_lines(without(text, FRONT_MATTER))), *NOT_PROSE)


def prose_of_token(token: tokenize.TokenInfo, begins_a_line: bool, in_library: bool) -> str:
    """Return the prose of a comment, a docstring or a string; nothing for other tokens."""
    kind = tokenize.tok_name[token.type]
    if kind == "COMMENT":
        return token.string.replace("#", " ")
    if kind == "STRING" and '"""' in token.string:
        return without(token.string, DOCTEST) if begins_a_line else ""
    if in_library and kind in ("STRING", "FSTRING_MIDDLE") and SENTENCE.fullmatch(token.string):
        return without(token.string, r"\{.*?\}")
    return ""


def module(text: str, in_library: bool) -> str:
    """Return the prose of a Python file."""
    lines = [without(line, r".+") for line in text.splitlines(keepends=True)]
    before = "NEWLINE"
    for token in tokenize.generate_tokens(StringIO(text).readline):
        begins_a_line = before in ("NEWLINE", "NL", "COMMENT", "INDENT", "DEDENT")
        prose = without(prose_of_token(token, begins_a_line, in_library), *NOT_PROSE[1:])
        for number, part in enumerate(prose.splitlines(), start=token.start[0] - 1):
            column = token.start[1] if number == token.start[0] - 1 else 0
            lines[number] = lines[number][:column] + part + lines[number][column + len(part) :]
        before = tokenize.tok_name[token.type]
    return "".join(lines)


def prose(source: Path, path: Path) -> str:
    """Return the prose of a file; paragraphs and columns are kept apart, and no quotation hides what it holds."""
    text = (source / path).read_text(encoding="utf-8")
    text = module(text, in_library=path.parts[0] == "lib") if path.suffix == ".py" else page(text)
    text = re.sub(r"^[ \t]*$(?=\n)", DOT, text, flags=re.M)
    text = re.sub(r"(?<=\S) {2,}(?=\S)", lambda gap: DOT * len(gap[0]), text)
    return without(text, r"\"|\B'|'\B")


def write_prose(source: Path, target: Path) -> list[Path]:
    """Write the prose of the repository SOURCE below TARGET; return the files, relative to both."""
    paths = sorted(file.relative_to(source) for pattern in FILES for file in source.glob(pattern))
    for path in paths:
        (target / path).parent.mkdir(parents=True, exist_ok=True)
        (target / path).write_text(prose(source, path), encoding="utf-8")
    return paths
