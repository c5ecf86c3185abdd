from __future__ import annotations

import os
import pwd
from pathlib import Path

import platformdirs
import pytest

from companion.places import NoHomeError, find_places


@pytest.mark.parametrize("home", ["/home/ada", "/", "relative", "", None])
@pytest.mark.parametrize("xdg", ["/mnt/own", "/mnt/own/", "", "  ", "relative", None])
def test_the_usual_folders_are_those_of_platformdirs(
    monkeypatch: pytest.MonkeyPatch, home: str | None, xdg: str | None
) -> None:
    for name, value in (
        ("HOME", home),
        ("XDG_DATA_HOME", xdg),
        ("XDG_CONFIG_HOME", xdg),
        ("COMPANION_HOME", None),
    ):
        if value is None:
            monkeypatch.delenv(name, raising=False)
        else:
            monkeypatch.setenv(name, value)
    found = find_places()
    assert tuple(map(Path, found)) == (
        platformdirs.user_data_path("companion"),
        platformdirs.user_config_path("companion"),
    )
    assert all(map(os.path.isabs, found))


def test_a_named_folder_holds_both(tmp_path: Path) -> None:
    home = str(tmp_path / "own")
    assert find_places(home, {}) == (home, f"{home}/config")
    assert find_places(None, {"COMPANION_HOME": home}) == (home, f"{home}/config")


def test_the_command_line_goes_before_the_variable(tmp_path: Path) -> None:
    assert find_places("/a", {"COMPANION_HOME": "/b"})[0] == "/a"
    assert find_places("", {"COMPANION_HOME": "/b"})[0] == "/b"


def test_an_empty_variable_is_none() -> None:
    environ = {"COMPANION_HOME": "", "HOME": "/home/ada"}
    assert find_places(None, environ)[0] == "/home/ada/.local/share/companion"


def test_a_relative_folder_is_one_of_where_we_are(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    assert find_places("./x/../y", {})[0] == f"{tmp_path}/y"


def test_a_tilde_is_the_own_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/ada")
    assert find_places("~/journal", {})[0] == "/home/ada/journal"


def test_a_tilde_of_nobody_is_refused() -> None:
    with pytest.raises(NoHomeError):
        find_places("~nobody-of-that-name/x", {})


def test_without_any_home_it_is_said(monkeypatch: pytest.MonkeyPatch) -> None:
    def nobody(_uid: int) -> None:
        raise KeyError

    monkeypatch.setattr(pwd, "getpwuid", nobody)
    with pytest.raises(NoHomeError):
        find_places(None, {})
    assert find_places(None, {"XDG_DATA_HOME": "/d", "XDG_CONFIG_HOME": "/c"}) == (
        "/d/companion",
        "/c/companion",
    )


def test_a_mac_keeps_to_its_library(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.platform", "darwin")
    library = "/Users/ada/Library/Application Support/companion"
    assert find_places(None, {"HOME": "/Users/ada"}) == (library, library)
