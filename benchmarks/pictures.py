"""Draw every screen from a small log, at three sizes, into docs/pictures/all/.

    make pictures

Each is drawn by the app itself, without a terminal, and made a picture by a headless
chromium that asks no network for anything. The few that the README shows are copied
into docs/pictures/.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import random
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from benchmarks.measuring import ROOT
from companion.bootstrap import open_companion
from companion.facade import Places
from companion.ids import new_id
from companion.reflection import Reflection
from companion.storage.bulk import write_log
from companion.storage.small import PoolFile
from screens.app import CompanionApp

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from textual.pilot import Pilot

NOW: Final = datetime(2026, 11, 22, 9, 30, tzinfo=timezone(timedelta(hours=1)))
SIZES: Final = ((80, 24), (120, 40), (200, 60))
FOLDER: Final = ROOT / "docs" / "pictures"
ALL: Final = FOLDER / "all"
_LOG: Final = Path(__file__).with_suffix(".toml")
_FONT: Final = "DejaVu Sans Mono"
_SCALE: Final = 0.75
"""A cell of textual's pictures is larger than a picture on a page need be."""


@dataclass(frozen=True, slots=True)
class Shot:
    """One picture: what to press, and in which dress."""

    name: str
    keys: tuple[str, ...] = ()
    theme: str = "companion-light"
    empty: bool = False
    """Whether nothing is in the log yet."""


_ANSWER: Final = tuple(
    "The garden gate stood open, and I left it so.".replace(" ", "_")
)
SHOTS: Final = (
    Shot("today"),
    Shot("today-dark", theme="companion-dark"),
    Shot("today-contrast", theme="companion-contrast"),
    Shot("today-first", empty=True),
    Shot("reflect", ("2",)),
    Shot("reflect-written", ("2", *_ANSWER), theme="companion-dark"),
    Shot("lens", ("2", "tab", "tab", *("right",) * 6)),
    Shot("part", ("3", "tab", "tab")),
    Shot("reflect-end", ("2", *_ANSWER, *("tab",) * 5)),
    Shot("page", ("w",)),
    Shot("log", ("f3", "down", "down")),
    Shot("log-dark", ("f3", "down", "down"), theme="companion-dark"),
    Shot("log-search", ("f3", "slash", *"person:Z_@")),
    Shot("log-empty", ("f3",), empty=True),
    Shot("year", ("f3", "h")),
    Shot("entry", ("f3", "down", "down", "enter")),
    Shot("edit", ("f3", "down", "e")),
    Shot("settings", ("f4",)),
    Shot("keys", ("f1",)),
    Shot("people", ("f5",)),
    Shot("palette", ("ctrl+p",)),
    Shot("hide", ("f8",)),
    Shot("care", ("f4", "end", "up", "up", "up", "enter")),
)
BEST: Final = {
    "today": "today-80x24",
    "reflect": "reflect-written-80x24",
    "lens": "lens-80x24",
    "log": "log-80x24",
    "year": "year-80x24",
}
"""What the README shows -> which picture it is."""


def documents() -> Iterator[dict[str, Any]]:
    """Yield the entries of the small log, oldest first."""
    told = tomllib.loads(_LOG.read_text(encoding="utf-8"))
    entries = [*told["entry"], *_filler(told["filler"]["lines"])]
    for entry in sorted(entries, key=lambda entry: (-entry["days"], entry["time"])):
        hour, minute = map(int, entry["time"].split(":"))
        at = NOW.replace(hour=hour, minute=minute) - timedelta(days=entry["days"])
        kept = {
            key: value
            for key, value in entry.items()
            if key not in {"days", "time", "position"}
        }
        document = {
            "id": new_id(int(at.timestamp() * 1000)),
            "kind": "reflection",
            "at": at.isoformat(),
            "day": at.date().isoformat(),
            **kept,
        }
        if "position" in entry:
            place = {"position": entry["position"], "rung": entry["rung"]}
            document["placement"] = place
        yield document


def _filler(lines: Sequence[str]) -> Iterator[dict[str, Any]]:
    chance = random.Random(4)
    for days in range(31, 320):
        if days in {61, 92} or chance.random() < 0.6:
            continue
        for hour in chance.sample(range(7, 23), chance.choice((1, 1, 1, 2, 2, 3, 5))):
            time = f"{hour:02}:{chance.randrange(60):02}"
            yield {"days": days, "time": time, "text": chance.choice(lines)}


def main(words: Sequence[str] | None = None) -> int:
    """Draw what is asked for; all, if nothing is."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.pictures")
    parser.add_argument("names", nargs="*", help="only these screens")
    names = parser.parse_args(words).names
    browser = shutil.which("chromium")
    if browser is None:
        print("Pictures are drawn by chromium, which is not installed.")
        return 1
    ALL.mkdir(parents=True, exist_ok=True)
    shots = [shot for shot in SHOTS if not names or shot.name in names]
    with tempfile.TemporaryDirectory() as folder:
        os.environ["XDG_CONFIG_HOME"] = folder
        for shot in shots:
            for size in SIZES:
                home = Path(tempfile.mkdtemp(dir=folder))
                svg = asyncio.run(_draw(shot, size, home))
                _paint(browser, svg, ALL / f"{shot.name}-{size[0]}x{size[1]}.png")
            print(shot.name, flush=True)
    for name, source in BEST.items():
        if (drawn := ALL / f"{source}.png").exists():
            shutil.copy(drawn, FOLDER / f"{name}.png")
    return 0


async def _draw(shot: Shot, size: tuple[int, int], home: Path) -> str:
    if not shot.empty:
        write_log(home, documents())
    companion = open_companion(home, clock=lambda: NOW)
    companion.preferences.change(theme=shot.theme)
    # The same prompts every time, and no folder of this machine.
    chance = random.Random(3)
    pools = PoolFile(home)
    shown = replace(
        companion,
        reflection=Reflection(companion.content, pools, companion.log, chance),
        places=Places(
            home=Path("~/.local/share/companion"), config=Path("~/.config/companion")
        ),
    )
    app = CompanionApp(shown)
    async with app.run_test(size=size, notifications=True) as pilot:
        await _still(pilot)
        for key in shot.keys:
            await pilot.press("space" if key == "_" else key)
        await _still(pilot)
        picture = app.export_screenshot(title="Companion")
    companion.close()
    return picture


async def _still(pilot: Pilot[None]) -> None:
    """Wait until nothing is about to change."""
    await pilot.app.workers.wait_for_complete()
    await pilot.pause()
    await pilot.pause(0.2)


def _paint(browser: str, svg: str, target: Path) -> None:
    # The font the picture names would be fetched from the network: take a local one.
    svg = re.sub(r"@font-face\s*\{[^}]*\}", "", svg)
    svg = re.sub(r"font-family:[^;]*;", f"font-family: {_FONT}, monospace;", svg)
    width, height = (
        float(side) for side in re.findall(r'viewBox="0 0 ([\d.]+) ([\d.]+)"', svg)[0]
    )
    shown = round(width * _SCALE), round(height * _SCALE)
    page = (
        "<!doctype html><style>body{margin:0;background:transparent}"
        f"svg{{display:block;width:{shown[0]}px;height:{shown[1]}px}}</style>{svg}"
    )
    with tempfile.TemporaryDirectory() as profile:
        source = Path(profile, "page.html")
        source.write_text(page, encoding="utf-8")
        subprocess.run(
            [
                browser,
                *("--headless", "--no-sandbox", "--disable-gpu", "--disable-quic"),
                *("--no-first-run", "--disable-background-networking"),
                *("--disable-component-update", "--disable-sync", "--hide-scrollbars"),
                f"--user-data-dir={profile}",
                f"--window-size={shown[0]},{shown[1]}",
                f"--screenshot={target}",
                source.as_uri(),
            ],
            check=True,
            capture_output=True,
        )


if __name__ == "__main__":
    sys.exit(main())
