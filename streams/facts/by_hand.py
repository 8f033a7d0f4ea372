"""Operators' actions as facts: which of them are in force."""

from collections.abc import Iterable, Mapping

from contracts.operator_action import Act, OperatorAction


def in_force(actions: Iterable[OperatorAction]) -> tuple[OperatorAction, ...]:
    """Give the actions that nobody undid, the oldest first; an undo that was itself undone undoes nothing."""
    ordered = sorted(actions, key=place)
    undos: dict[str, list[OperatorAction]] = {}
    for action in ordered:
        if action.act is Act.UNDO:
            undos.setdefault(action.undoes, []).append(action)
    return tuple(action for action in ordered if action.act is not Act.UNDO and not _is_undone(action, undos))


def place(action: OperatorAction) -> tuple[object, ...]:
    """Order actions by when they were decided."""
    return action.at, action.id


def _is_undone(action: OperatorAction, undos: Mapping[str, list[OperatorAction]]) -> bool:
    # An id is a digest of what it undoes, so this cannot go round in circles.
    return any(not _is_undone(undo, undos) for undo in undos.get(action.id, ()))
