"""Plant faults by hand: ``python -m tests.controls [NAME...] [--against TEST...]``."""

from __future__ import annotations

import argparse
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.controls.planting import faults, plant


def main() -> None:
    """Plant what is named, or all, and print which tests failed and how."""
    parser = argparse.ArgumentParser(prog="python -m tests.controls")
    parser.add_argument("names", nargs="*", help="which faults; all, if none is named")
    parser.add_argument(
        "--against", nargs="+", default=[], help="run these tests, not those it names"
    )
    options = parser.parse_args()
    for fault in faults():
        if options.names and fault.name not in options.names:
            continue
        with TemporaryDirectory() as folder:
            ended = plant(fault, Path(folder), options.against)
        print(f"{fault.name}: {fault.broken}")  # noqa: T201
        for name, error in ended.failed.items() or [("nothing failed", "")]:
            print(f"    {name}: {error.splitlines()[0] if error else ''}"[:160])  # noqa: T201
        if not ended.tests:
            print(ended.said)  # noqa: T201


if __name__ == "__main__":
    main()
