"""The way in: the command `companion`, and `python -m companion`."""

from __future__ import annotations

import gc
import sys

TYPE_CHECKING = False  # loading `typing` would cost half of a quick capture
if TYPE_CHECKING:
    from companion.facade import Companion


def main(argv: list[str]) -> int:
    """Do what the arguments say and return the exit code.

    A plain `companion reflect TEXT` is done before anything else is loaded.
    """
    if "reflect" in argv:
        from companion.capture import capture

        code = capture(argv)
        if code is not None:
            return code
    from companion.cli import run

    return run(argv, _open_app)


def script() -> None:
    """Run from the shell."""
    # A command is over before there is rubbish worth looking for, and looking for it
    # among all that was loaded would take a tenth of its time.
    gc.disable()
    try:
        code = main(sys.argv[1:])
    except KeyboardInterrupt:
        code = 130
    gc.freeze()
    sys.exit(code)


def _open_app(companion: Companion) -> int:
    from screens.app import run

    gc.enable()
    return run(companion)


if __name__ == "__main__":
    script()
