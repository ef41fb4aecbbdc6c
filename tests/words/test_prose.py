"""The prose keeps its place, and the list of our words is in order."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from .prose import FILES, page, prose

ROOT = Path(__file__).parents[2]


@cache
def prose_of_each_file() -> dict[Path, str]:
    paths = (file.relative_to(ROOT) for pattern in FILES for file in ROOT.glob(pattern))
    return {path: prose(ROOT, path) for path in paths}


def test_every_word_stands_where_it_stood():
    for path, left in prose_of_each_file().items():
        text = (ROOT / path).read_text(encoding="utf-8")
        for before, after in zip(text.splitlines(), left.splitlines(), strict=True):
            assert all(new in (old, "·", " ") for old, new in zip(before, after, strict=bool(before.strip()))), (
                path
            )


def test_titles_captions_and_comments_are_prose_and_code_is_not():
    text = """\
```{exercise-start} A title
:label: ex-sample-label
```
Text with `code`, $maths$ and {ref}`one <reference>`.
```{exercise-end}
```
```{code-cell} ipython3
---
mystnb:
  figure:
    caption: What to see.
---
value = 1  # a remark
```
"""
    words = page(text).replace("·", " ").split()
    assert " ".join(words) == "A title Text with , and . What to see. a remark"


def test_our_words_are_sorted_and_used():
    words = (ROOT / "words.txt").read_text(encoding="utf-8").split()
    assert words == sorted(set(words))
    text = "\n".join(prose_of_each_file().values()).lower()
    assert not [word for word in words if word not in text]
