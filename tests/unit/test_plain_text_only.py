"""No words may reach a widget as a bare string: textual would read them as markup.

A bare string in `[@click=app.quit]...[/]` runs an action when it is clicked, and `[/`
ends the app. So whatever is not a literal goes through `plain` or `Content`.
"""

from __future__ import annotations

import ast
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

SCREENS = Path(__file__).parents[2] / "screens"
SOURCES = sorted(SCREENS.rglob("*.py"))

READS_MARKUP = {
    "Button",
    "Checkbox",
    "Collapsible",
    "DiscoveryHit",
    "Label",
    "ListItem",
    "Option",
    "RadioButton",
    "Static",
    "Tab",
    "TabPane",
    "add_option",
    "add_row",
    "update",
}
"""What reads markup in its first argument; of a `Hit` it is the second."""
SETS_MARKUP = {"border_title", "border_subtitle", "tooltip"}
FORBIDDEN = {"from_markup", "Markdown", "MarkdownViewer", "RichLog", "Pretty"}
SAFE = {"Content", "plain", "assemble", "styled", "stylize", "Text", "_marked"}


def name_of(node: ast.expr) -> str:
    match node:
        case ast.Name(id=name) | ast.Attribute(attr=name):
            return name
        case ast.Call(func=func):
            return name_of(func)
        case _:
            return ""


def is_safe(node: ast.expr, made: frozenset[str] = frozenset()) -> bool:
    """Return whether an expression is a literal of ours, or has been made plain.

    Args:
        node: The expression.
        made: Names that hold nothing but what has been made plain.
    """
    match node:
        case ast.Constant() | ast.GeneratorExp():
            return True
        case ast.Call():
            return name_of(node) in SAFE
        case ast.Name(id=name):
            return name in made
        case ast.IfExp(body=body, orelse=orelse):
            return is_safe(body, made) and is_safe(orelse, made)
        case _:
            return False


def made_plain(tree: ast.Module) -> frozenset[str]:
    """Return the local names to which only plain words are ever given."""
    given: dict[str, list[bool]] = {}
    for node in ast.walk(tree):
        match node:
            case ast.Assign(targets=[ast.Name(id=name)], value=value):
                given.setdefault(name, []).append(is_safe(value))
            case ast.arg(arg=name) | ast.Name(id=name, ctx=ast.Store()):
                given.setdefault(name, [])
    return frozenset(name for name, safe in given.items() if safe and all(safe))


def is_told_not_to(call: ast.Call) -> bool:
    return any(
        keyword.arg == "markup"
        and isinstance(keyword.value, ast.Constant)
        and keyword.value.value is False
        for keyword in call.keywords
    )


def faults(source: str) -> Iterator[str]:
    """Yield what breaks the rule, with its line."""
    tree = ast.parse(source)
    made = made_plain(tree)
    for node in ast.walk(tree):
        match node:
            case ast.Call():
                name = name_of(node)
                shown = node.args[1:2] if name == "Hit" else node.args[:1]
                reads = name in READS_MARKUP | {"Hit"} and not is_told_not_to(node)
                if reads and not all(is_safe(each, made) for each in shown):
                    yield f"{node.lineno}: {name}(...) is given a bare string"
                if name in FORBIDDEN:
                    yield f"{node.lineno}: {name} reads markup"
            case ast.Assign(targets=[ast.Attribute(attr=attr)], value=value):
                if attr in SETS_MARKUP and not is_safe(value, made):
                    yield f"{node.lineno}: {attr} is given a bare string"


@pytest.mark.parametrize(
    "path", SOURCES, ids=lambda path: str(path.relative_to(SCREENS))
)
def test_no_bare_string_reaches_a_widget(path: Path) -> None:
    assert not list(faults(path.read_text()))


@pytest.mark.parametrize(
    "source",
    [
        "Static(entry.text)",
        "Label(f'{name} is here')",
        "Button(words)",
        "yield Static(self.words())",
        "widget.update(entry.text)",
        "Hit(1, name, do)",
        "DiscoveryHit(sitting.name, do)",
        "Static(plain(a) if a else b)",
        "self.border_title = entry.text",
        "Content.from_markup(entry.text)",
        "Markdown(entry.text)",
        "options.add_option(name)",
        "name = entry.text\nStatic(name)",
        "name = plain(a)\nname = a\nStatic(name)",
    ],
)
def test_the_check_sees_a_fault(source: str) -> None:
    assert list(faults(source))


@pytest.mark.parametrize(
    "source",
    [
        "Static()",
        "Static('words of ours')",
        "Static(plain(entry.text), id='x')",
        "Label(Content.assemble(a, b))",
        "Static(entry.text, markup=False)",
        "Static(plain(a) if a else Content(b))",
        "Hit(score, plain(name), do)",
        "seen.append(entry.text)",
        "name = plain(a)\nStatic(name)",
        "seen.update(each for each in every)",
        "self.border_title = 'ours'",
    ],
)
def test_the_check_lets_plain_words_pass(source: str) -> None:
    assert not list(faults(source))
