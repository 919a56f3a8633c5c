"""Pages are followed word for word: what they show, what they must write, and what is judged."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.tools import five_tasks
from tests.tools.follow_pages import Block, Page, Step, blocks, follow, make_files

PAGE = """# A page

```sh
printf 'one\\ntwo\\n'
```

```text
one
…
two
```

```py
# saved.py
print(3)
```

```console
$ cat saved.py | \\
    tail -1
output, and no command
$ test -f my-tokenizer/tokenizer.json && test -f data/a.jsonl
```

```python
print("a block of Python")
```

```console
$ echo other
```

```text
another
```

```console
$ echo example ./my-tokenizer
```

```text
of another tokenizer
```

```console
$ cat s3://bucket/file
$ echo it could not be downloaded >&2 && exit 2
$ cat no-such-file || exit 2
$ false && true
$ sh -c 'exit 3'
```
"""


def test_blocks_are_read_in_order_with_their_outputs() -> None:
    found = blocks(PAGE)
    assert found[0] == Block("sh", ("printf 'one\\ntwo\\n'",), "one\n…\ntwo\n")
    assert [each.language for each in found][1:4] == ["py", "console", "python"]
    assert found[2].commands == (
        "cat saved.py |      tail -1",
        "test -f my-tokenizer/tokenizer.json && test -f data/a.jsonl",
    )


@pytest.mark.slow
def test_a_page_is_followed(tmp_path: Path) -> None:
    if shutil.which("sh") is None:
        pytest.skip("commands are run in a POSIX shell")
    path, folder = tmp_path / "page.md", tmp_path / "work"
    path.write_text(PAGE, "utf-8")
    folder.mkdir()
    make_files(folder)
    page = follow(path, folder, five_tasks.here(tmp_path))
    assert [step.state for step in page.steps] == [
        *["as written"] * 4,
        "another output",
        "as written",
        *("left out", "no network", "left out", "as written", "failed"),
    ]
    assert not any(step.installs for step in page.steps)
    assert page.row()[1] == "0"
    assert page.row()[4:] == ("6", "1", "2", "2")


def test_installing_is_timed_apart() -> None:
    steps = [
        Step("pip install '.[corpus]' && tokstat data fetch", "as written", 90.0, 30.0),
        Step("tokstat encode bert Tiger", "as written", 2.0, 1.0),
    ]
    assert Page("page.md", steps).row()[1:4] == ("90", "2", "1")
