"""Limits of the detectors that were moved by command, as deciding knows of them: for the ledger, and for who asks.

Detecting acts on these commands (:mod:`detectors.tuned`); here they are judged by the same limits, so that a refusal
stands in the ledger with its reason, and whoever reads the log knows what is in force and can take it back. Pure.
"""

from __future__ import annotations

from typing import NamedTuple

from alerts.reasons import Reason
from contracts.errors import InvalidRecord
from contracts.layers import Layer, Layers
from contracts.records import Command, Limits, setting_of


class Refusal(NamedTuple):
    """Why a command changed nothing."""

    reason: Reason
    problem: str
    """In words, with the name of the value that is wrong."""


class Moved:
    """The commands in force of one partition; picklable, bounded."""

    __slots__ = ("_layers",)

    def __init__(self) -> None:
        self._layers = Layers()

    def hear(self, command: Command, limits: Limits) -> Refusal | None:
        """Take a command; why it changes nothing, if it does not."""
        try:
            said = setting_of(command, limits)
        except InvalidRecord as error:
            return Refusal(Reason.BAD_ARGUMENT, str(error))
        if not said.undo:
            layer = Layer(said.issued_at, said.values, command.brand, command.author, command.reason, said.begin)
            self._layers.put(said.id, layer)
            return None
        known = self._layers.layer(said.undo)
        if known is None or known.brand != command.brand:
            return Refusal(Reason.UNKNOWN_SETTING, f"args, field undo: {said.undo} is not in force for {command.brand}")
        self._layers.drop(said.undo)
        return None

    def in_force(self) -> list[tuple[str, Layer]]:
        """What can be taken back, with the ids of the commands: the first said first."""
        return self._layers.all()
