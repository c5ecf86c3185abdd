from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from companion.zone import local_zone

if TYPE_CHECKING:
    from pathlib import Path


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """A machine that knows two zones."""
    for name in ("Europe/Berlin", "Etc/UTC"):
        zone = tmp_path / "usr/share/zoneinfo" / name
        zone.parent.mkdir(parents=True)
        zone.write_bytes(b"TZif")
    (tmp_path / "etc").mkdir()
    return tmp_path


def zone(root: Path, **environ: str) -> str:
    return local_zone(environ, root=str(root))


@pytest.mark.parametrize(
    ("setting", "key"),
    [
        ("Europe/Berlin", "Europe/Berlin"),
        (":Europe/Berlin", "Europe/Berlin"),
        ("/usr/share/zoneinfo/Europe/Berlin", "Europe/Berlin"),
        (":/usr/share/zoneinfo/posix/Europe/Berlin", "Europe/Berlin"),
        ("right/Europe/Berlin", "Europe/Berlin"),
        ("Etc/UTC", "Etc/UTC"),
        ("", ""),
        ("CET-1CEST,M3.5.0,M10.5.0/3", ""),
        ("Nowhere/Land", ""),
        ("../../../etc/passwd", ""),
        ("/etc/localtime", ""),
        ("Europe", ""),
        ("Europe/Bérlin", ""),
        ("a" * 200, ""),
    ],
)
def test_the_variable_counts_where_it_names_a_zone(
    root: Path, setting: str, key: str
) -> None:
    (root / "etc/timezone").write_text("Etc/UTC\n")
    assert zone(root, TZ=setting) == key


@pytest.mark.parametrize(
    "target",
    [
        "/usr/share/zoneinfo/Europe/Berlin",
        "../usr/share/zoneinfo/Europe/Berlin",
        "/var/db/timezone/zoneinfo/Europe/Berlin",
    ],
)
def test_the_link_to_the_zone_names_it(root: Path, target: str) -> None:
    (root / "etc/localtime").symlink_to(target)
    (root / "etc/timezone").write_text("Etc/UTC\n")
    assert zone(root) == "Europe/Berlin"


def test_a_link_to_a_link_is_followed(root: Path) -> None:
    (root / "etc/localtime").symlink_to("alternatives-localtime")
    (root / "etc/alternatives-localtime").symlink_to(
        "/usr/share/zoneinfo/Europe/Berlin"
    )
    assert zone(root) == "Europe/Berlin"


def test_links_in_a_ring_end(root: Path) -> None:
    (root / "etc/localtime").symlink_to("other")
    (root / "etc/other").symlink_to("localtime")
    assert zone(root) == ""


@pytest.mark.parametrize(
    ("written", "key"),
    [
        (b"Europe/Berlin\n", "Europe/Berlin"),
        (b"  Europe/Berlin  # home\n", "Europe/Berlin"),
        (b"", ""),
        (b"\xff\xfe\x00", ""),
        (b"Europe/" * 100, ""),
    ],
)
def test_the_file_says_it_where_the_link_does_not(
    root: Path, written: bytes, key: str
) -> None:
    (root / "etc/localtime").write_bytes(b"TZif")
    (root / "etc/timezone").write_bytes(written)
    assert zone(root) == key


def test_a_machine_that_says_nothing_has_no_key(root: Path) -> None:
    assert zone(root) == ""
    (root / "etc/timezone").mkdir()
    assert zone(root) == ""
