"""Small changes of a module, one at a time: what a slip of the hand could leave."""

from __future__ import annotations

import ast
from typing import Any, Final, NamedTuple

_OPERATORS: Final[dict[type[ast.AST], Any]] = {
    ast.Lt: ast.LtE,
    ast.LtE: ast.Lt,
    ast.Gt: ast.GtE,
    ast.GtE: ast.Gt,
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.And: ast.Or,
    ast.Or: ast.And,
    ast.Add: ast.Sub,
    ast.Sub: ast.Add,
    ast.Mult: ast.FloorDiv,
    ast.FloorDiv: ast.Mult,
    ast.LShift: ast.RShift,
    ast.BitOr: ast.BitAnd,
    ast.BitAnd: ast.BitOr,
}
_SAYS: Final = ("Error", "Notice", "changed", "unusable", "_refuse", "cast")
"""What is called with words for a person, or for the checker of types."""


class Site(NamedTuple):
    """A place where something can be changed, and how."""

    line: int
    what: str


class _Changer(ast.NodeTransformer):
    """Notes the places, in their order, and makes the change that is numbered.

    Left alone are types, docstrings and the words of errors and notices.
    """

    def __init__(self, number: int = -1) -> None:
        self.sites: list[Site] = []
        self._number = number

    def _here(self, node: Any, what: str) -> bool:
        self.sites.append(Site(node.lineno, what))
        return len(self.sites) - 1 == self._number

    def _swap(self, node: Any, operator: ast.AST) -> Any:
        new = _OPERATORS.get(type(operator))
        name = type(operator).__name__
        if new is not None and self._here(node, f"{name} to {new.__name__}"):
            return new()
        return operator

    def visit_Compare(self, node: ast.Compare) -> ast.AST:
        self.generic_visit(node)
        node.ops = [self._swap(node, operator) for operator in node.ops]
        return node

    def visit_BoolOp(self, node: ast.BoolOp) -> ast.AST:
        self.generic_visit(node)
        node.op = self._swap(node, node.op)
        return node

    def visit_BinOp(self, node: ast.BinOp) -> ast.AST:
        self.generic_visit(node)
        node.op = self._swap(node, node.op)
        return node

    def visit_AugAssign(self, node: ast.AugAssign) -> ast.AST:
        self.generic_visit(node)
        node.op = self._swap(node, node.op)
        return node

    def visit_UnaryOp(self, node: ast.UnaryOp) -> ast.AST:
        self.generic_visit(node)
        if isinstance(node.op, ast.Not) and self._here(node, "not taken away"):
            return node.operand
        return node

    def _turned(self, node: Any) -> Any:
        self.generic_visit(node)
        if self._here(node, "condition turned round"):
            node.test = ast.UnaryOp(ast.Not(), node.test)
        return node

    def visit_IfExp(self, node: ast.IfExp) -> ast.AST:
        turned: ast.AST = self._turned(node)
        return turned

    def visit_While(self, node: ast.While) -> ast.AST:
        turned: ast.AST = self._turned(node)
        return turned

    def visit_If(self, node: ast.If) -> ast.AST:
        if isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
            return node
        turned: ast.AST = self._turned(node)
        return turned

    def visit_Constant(self, node: ast.Constant) -> ast.AST:
        match node.value:
            case bool(value):
                if self._here(node, f"{not value}"):
                    return ast.Constant(not value)
            case int(value):
                if self._here(node, f"{value} + 1"):
                    return ast.Constant(value + 1)
            case str(value):
                if self._here(node, f"{value!r} changed"):
                    return ast.Constant(f"x{value}")
            case bytes(value):
                if self._here(node, f"{value!r} changed"):
                    return ast.Constant(b"x" + value)
        return node

    def visit_Return(self, node: ast.Return) -> ast.AST:
        self.generic_visit(node)
        something = node.value is not None and not (
            isinstance(node.value, ast.Constant) and node.value.value is None
        )
        if something and self._here(node, "returns None"):
            node.value = ast.Constant(None)
        return node

    def visit_Break(self, node: ast.Break) -> ast.AST:
        return ast.Continue() if self._here(node, "break to continue") else node

    def visit_Continue(self, node: ast.Continue) -> ast.AST:
        return ast.Break() if self._here(node, "continue to break") else node

    def visit_Expr(self, node: ast.Expr) -> ast.AST:
        if isinstance(node.value, ast.Constant):
            return node
        self.generic_visit(node)
        if isinstance(node.value, ast.Call) and self._here(node, "call left out"):
            node.value = ast.Constant(None)
        return node

    def visit_Call(self, node: ast.Call) -> ast.AST:
        name = getattr(node.func, "id", getattr(node.func, "attr", ""))
        if name.endswith(_SAYS):
            return node
        node.keywords = [one for one in node.keywords if one.arg == "hint"] + [
            self.visit(one) for one in node.keywords if one.arg != "hint"
        ]
        node.args = [self.visit(one) for one in node.args]
        node.func = self.visit(node.func)
        return node

    def visit_AnnAssign(self, node: ast.AnnAssign) -> ast.AST:
        if node.value is not None:
            node.value = self.visit(node.value)
        return node

    def visit_arg(self, node: ast.arg) -> ast.AST:
        return node

    def visit_FunctionDef(self, node: ast.FunctionDef) -> ast.AST:
        node.returns = None
        self.generic_visit(node)
        return node

    def visit_JoinedStr(self, node: ast.JoinedStr) -> ast.AST:
        for part in node.values:
            if isinstance(part, ast.FormattedValue):
                part.value = self.visit(part.value)
        return node

    def visit_Assert(self, node: ast.Assert) -> ast.AST:
        return node


def sites(source: str) -> list[Site]:
    """Return every place of a module where something can be changed."""
    changer = _Changer()
    changer.visit(ast.parse(source))
    return changer.sites


def changed(source: str, number: int) -> ast.Module:
    """Return a module with the change of that number in it."""
    tree = _Changer(number).visit(ast.parse(source))
    whole: ast.Module = ast.fix_missing_locations(tree)
    return whole
