"""A run as plain JSON values, for a draft, and back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from companion.errors import InvalidEntryError
from companion.ids import is_id
from companion.model.content import Prompt, Step
from companion.model.entry import REACH, RUNGS
from companion.reflection.stages import DETAILS, KINDS, PROMPT, RunState, Stage, Written

_FORM = 1
"""Which form of state this is, so that a later one can tell."""


def to_json(state: RunState) -> dict[str, object]:
    """Return a run as plain JSON values."""
    return {
        "run": _FORM,
        "id": state.id,
        "day": state.day.isoformat(),
        "sitting": state.sitting,
        "index": state.index,
        "reached": [_from_written(written) for written in state.reached],
        "to_come": [
            {"kind": step.kind, "pools": list(step.pools), "text": step.text}
            for step in state.to_come
        ],
        "placement": state.placement,
        "rung": state.rung,
        "part": state.part,
        **{what: list(getattr(state, what)) for what in DETAILS},
    }


def from_json(state: Mapping[str, object]) -> RunState:
    """Return the run that was kept so.

    Raises:
        InvalidEntryError: If it is not the state of a run.
    """
    if _whole_number(state, "run") != _FORM:
        raise _unreadable("run")
    reached = tuple(_to_written(each) for each in _list(state, "reached"))
    index = _whole_number(state, "index")
    if not 0 <= index < len(reached):
        raise _unreadable("index")
    return RunState(
        id=_id(state),
        day=_day(state),
        sitting=_text(state, "sitting"),
        index=index,
        reached=reached,
        to_come=tuple(_to_step(each) for each in _list(state, "to_come")),
        placement=_placement(state),
        rung=_one_of(state, "rung", RUNGS),
        part=_text(state, "part"),
        **{what: _names(state, what) for what in DETAILS},
    )


def _from_written(written: Written) -> dict[str, object]:
    stage = written.stage
    kept: dict[str, object] = {"kind": stage.kind, "text": written.text}
    if stage.prompt is None:
        return kept | {"lead": stage.text}
    prompt = stage.prompt
    return kept | {
        "prompt": {
            "id": prompt.id,
            "text": prompt.text,
            "pool": prompt.pool,
            "hint": prompt.hint,
            "rung": prompt.rung,
            "principle": prompt.principle,
            "own": prompt.own,
        }
    }


def _to_written(kept: Mapping[str, object]) -> Written:
    kind = _one_of(kept, "kind", KINDS)
    if kind == PROMPT:
        stage = Stage(kind, _to_prompt(_mapping(kept.get("prompt"), "prompt")))
    else:
        stage = Stage(kind, text=_text(kept, "lead"))
    return Written(stage, _text(kept, "text"))


def _to_prompt(kept: Mapping[str, object]) -> Prompt:
    own = kept.get("own")
    if not isinstance(own, bool):
        raise _unreadable("own")
    return Prompt(
        id=_text(kept, "id"),
        text=_text(kept, "text"),
        pool=_text(kept, "pool"),
        hint=_text(kept, "hint"),
        rung=_text(kept, "rung"),
        principle=_text(kept, "principle"),
        own=own,
    )


def _to_step(kept: Mapping[str, object]) -> Step:
    pools = kept.get("pools")
    if not isinstance(pools, list) or not all(isinstance(p, str) for p in pools):
        raise _unreadable("pools")
    return Step(
        kind=_one_of(kept, "kind", KINDS),
        pools=tuple(pools),
        text=_text(kept, "text"),
    )


def _names(state: Mapping[str, object], what: str) -> tuple[str, ...]:
    names = state.get(what, [])
    if not isinstance(names, list) or not all(isinstance(name, str) for name in names):
        raise _unreadable(what)
    return tuple(names)


def _unreadable(what: str) -> InvalidEntryError:
    return InvalidEntryError(
        f"This draft cannot be taken up again: its {what!r} cannot be read.",
        hint="It stays where it is; its words can be read with any editor.",
    )


def _id(state: Mapping[str, object]) -> str:
    found = _text(state, "id")
    if not is_id(found):
        raise _unreadable("id")
    return found


def _day(state: Mapping[str, object]) -> date:
    try:
        return date.fromisoformat(_text(state, "day"))
    except ValueError:
        raise _unreadable("day") from None


def _placement(state: Mapping[str, object]) -> int | None:
    if state.get("placement") is None:
        return None
    position = _whole_number(state, "placement")
    if not -REACH <= position <= REACH:
        raise _unreadable("placement")
    return position


def _text(state: Mapping[str, object], name: str) -> str:
    value = state.get(name)
    if not isinstance(value, str):
        raise _unreadable(name)
    return value


def _one_of(state: Mapping[str, object], name: str, choices: tuple[str, ...]) -> str:
    value = _text(state, name)
    if value not in choices:
        raise _unreadable(name)
    return value


def _whole_number(state: Mapping[str, object], name: str) -> int:
    value = state.get(name)
    if not isinstance(value, int) or isinstance(value, bool):
        raise _unreadable(name)
    return value


def _list(state: Mapping[str, object], name: str) -> list[Mapping[str, object]]:
    value = state.get(name)
    if not isinstance(value, Sequence) or isinstance(value, str | bytes):
        raise _unreadable(name)
    return [_mapping(each, name) for each in value]


def _mapping(value: object, name: str) -> Mapping[str, object]:
    if not isinstance(value, Mapping):
        raise _unreadable(name)
    return value
