"""Coverage-guided fuzzing of one target: `python -m tests.fuzz TARGET [options]`.

The options are libFuzzer's, such as -max_total_time=30. What is found is kept in
`.fuzz/`, beside inputs that reach new code; `-merge=1 tests/fuzz/corpus/TARGET
.fuzz/TARGET` takes the smallest of those into the saved ones.
"""

from __future__ import annotations

import sys
from pathlib import Path

import atheris

CORPUS = Path(__file__).parent / "corpus"
FOUND = Path(".fuzz")


def main() -> None:
    """Fuzz the target that is named until the time is over."""
    target, *options = sys.argv[1:]
    with atheris.instrument_imports(include=["companion"]):
        from tests.fuzz.targets import TARGETS  # noqa: PLC0415

    folders = [FOUND / target, CORPUS / target]
    for folder in folders:
        folder.mkdir(parents=True, exist_ok=True)
    merging = "-merge=1" in options
    limits = ["-timeout=300", "-rss_limit_mb=2048", "-max_len=20000"]
    places = [f"-artifact_prefix={FOUND / target}-", *map(str, folders)]
    arguments = [*limits, *options, *places[: 1 if merging else 3]]
    atheris.Setup([sys.argv[0], *arguments], TARGETS[target])
    atheris.Fuzz()


if __name__ == "__main__":
    main()
