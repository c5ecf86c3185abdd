"""Values with named fields, made at little cost.

`record` makes of a class what `dataclass(slots=True)` makes of it, and to a type
checker it is that. Making a dataclass writes and compiles up to eight functions; for
the values of this app that was a twentieth of all that is done to open it. Here the
functions are shared, and `__init__` is compiled once a few values were made.
`dataclasses.replace` and `dataclasses.fields` work as ever.
"""

from __future__ import annotations

from operator import attrgetter
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from dataclasses import Field
    from dataclasses import dataclass as record

__all__ = ["record"]

FEW: Final = 20
"""So many values are cheaper to make than a function that makes them."""


def _record(
    *, slots: bool, frozen: bool = False, kw_only: bool = False
) -> Callable[[type], type]:
    """Return what makes a record of a class without bases.

    Args:
        slots: Has to be true.
        frozen: Refuse that a value is changed, and let it be hashed.
        kw_only: Take the fields by name alone.
    """
    assert slots
    return lambda plain: _make(plain, frozen=frozen, kw_only=kw_only)


if not TYPE_CHECKING:
    record = _record


def _make(plain: type, *, frozen: bool, kw_only: bool) -> type:
    names = tuple(plain.__annotations__)
    body = dict(vars(plain))
    defaults = {name: body.pop(name) for name in names if name in body}
    # Made anew: only while a class is made can it be given slots.
    del body["__dict__"], body["__weakref__"]
    values = attrgetter(*names)
    body |= {
        "__slots__": names,
        "__qualname__": plain.__qualname__,
        "__match_args__": () if kw_only else names,
        "__init__": _first_init(defaults, kw_only=kw_only),
        "__eq__": _equality(values),
        "__hash__": (lambda value: hash(values(value))) if frozen else None,
        "__repr__": _shown,
        "__dataclass_fields__": _Fields(defaults, kw_only=kw_only),
    }
    if frozen:
        body |= {"__setattr__": _refuse, "__delattr__": _refuse}
    return type(plain.__name__, (), body)


def _first_init(
    defaults: Mapping[str, object], *, kw_only: bool
) -> Callable[..., None]:
    """Return an `__init__` that soon puts a compiled one in its own place."""
    left = FEW

    def first(value: object, *given: object, **named: object) -> None:
        nonlocal left
        left -= 1
        kind = type(value)
        names = vars(kind)["__slots__"]
        fields = {**defaults, **named}
        if given or left < 0 or fields.keys() != set(names):
            init = _init(kind, defaults, kw_only=kw_only)
            type.__setattr__(kind, "__init__", init)
            init(value, *given, **named)
            return
        for name in names:
            object.__setattr__(value, name, fields[name])
        if "__post_init__" in vars(kind):
            value.__post_init__()  # type: ignore[attr-defined]

    return first


def _init(
    kind: type, defaults: Mapping[str, object], *, kw_only: bool
) -> Callable[..., None]:
    """Return a function that sets each field of a value."""
    known: dict[str, Any] = {
        f"_default_{name}": each for name, each in defaults.items()
    }
    taken, lines = ["_value", "*"] if kw_only else ["_value"], []
    for name in vars(kind)["__slots__"]:
        # By the slot itself: a frozen class refuses the usual way.
        known[f"_set_{name}"] = vars(kind)[name].__set__
        taken.append(f"{name}=_default_{name}" if name in defaults else name)
        lines.append(f" _set_{name}(_value, {name})\n")
    if "__post_init__" in vars(kind):
        lines.append(" _value.__post_init__()\n")
    source = f"def __init__({', '.join(taken)}):\n{''.join(lines)}"
    exec(source, known)  # noqa: S102 - nothing but the names of our own fields
    init: Callable[..., None] = known["__init__"]
    init.__qualname__ = f"{kind.__qualname__}.__init__"
    return init


class _Fields:
    """What the functions of `dataclasses` look for, worked out when they do."""

    def __init__(self, defaults: Mapping[str, object], *, kw_only: bool) -> None:
        self._defaults = defaults
        self._kw_only = kw_only

    def __get__(self, _value: object, kind: type) -> Mapping[str, Field[Any]]:
        from dataclasses import field, make_dataclass  # noqa: PLC0415 - loads much

        like = make_dataclass(
            kind.__name__,
            [
                (name, kind.__annotations__[name], field(default=self._defaults[name]))
                if name in self._defaults
                else (name, kind.__annotations__[name])
                for name in vars(kind)["__slots__"]
            ],
            init=False,
            repr=False,
            eq=False,
            kw_only=self._kw_only,
        )
        found: Mapping[str, Field[Any]] = vars(like)["__dataclass_fields__"]
        type.__setattr__(kind, "__dataclass_fields__", found)
        return found


def _equality(
    values: Callable[[object], object],
) -> Callable[[object, object], Any]:
    def equal(value: object, other: object) -> Any:
        if type(value) is not type(other):
            return NotImplemented
        return values(value) == values(other)

    return equal


def _shown(value: object) -> str:
    kind = type(value)
    fields = (f"{name}={getattr(value, name)!r}" for name in vars(kind)["__slots__"])
    return f"{kind.__qualname__}({', '.join(fields)})"


def _refuse(value: object, name: str, *_new: object) -> None:
    from dataclasses import FrozenInstanceError  # noqa: PLC0415 - loads much

    raise FrozenInstanceError(f"{name!r} of a {type(value).__name__} does not change")
