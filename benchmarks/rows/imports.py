"""What an import brings in: start-up time that cannot be seen in the code."""

from __future__ import annotations

import subprocess
import tempfile
from typing import TYPE_CHECKING

from benchmarks.measuring import PYTHON, CannotMeasureError, Spread, surroundings
from benchmarks.report import Figure

if TYPE_CHECKING:
    from collections.abc import Iterator

    from benchmarks.rows.settings import Bench

_COUNT = (
    "heavy = {n.partition('.')[0] for n in sys.modules} & {'textual', 'rich', 'tinydb'}"
    "\nprint(len(heavy), *sorted(heavy), file=sys.stderr)"
)
_PACKAGE = f"import sys, companion\n{_COUNT}"
_QUICK = (
    "import sys\nfrom companion.__main__ import main\n"
    "main(['--home', sys.argv[1], 'reflect', 'slept well'])\n" + _COUNT
)


def imports(_bench: Bench) -> Iterator[Figure]:
    """Count the heavy packages that are brought in."""
    for name, what, code in (
        (
            "imports.package",
            "heavy packages brought in by `import companion`",
            _PACKAGE,
        ),
        ("imports.quick", "heavy packages brought in by quick `reflect`", _QUICK),
    ):
        with tempfile.TemporaryDirectory() as home:
            ended = subprocess.run(
                [PYTHON, "-c", code, home],
                env=surroundings({}),
                capture_output=True,
                text=True,
                check=False,
            )
        said = ended.stderr.splitlines()[-1]
        if ended.returncode:
            raise CannotMeasureError(said)
        count, *names = said.split()
        yield Figure(
            name=name,
            what=what,
            value=Spread.of([float(count)]),
            budget=0,
            unit="packages",
            note=" ".join(names),
        )
