"""The truth of a run as one JSON document: what was planted, where the personal data stand, how many records."""

from __future__ import annotations

from typing import Any

import orjson

from fenghuo.simulator.simulation import Simulation


def truth_document(simulation: Simulation) -> dict[str, Any]:
    """The truth of what this simulation has handed out so far.

    ``incidents`` are the planted ones (times in ISO, tiers and signals by name), ``private`` each planted value as it
    stands in a text with the record's id, ``records`` the counts, ``scenario`` all settings.
    """
    tally = simulation.tally
    return {
        "schema_version": 1,
        "scenario": simulation.scenario.model_dump(mode="json", exclude={"incidents"}),
        "incidents": [one.model_dump(mode="json") for one in simulation.truths],
        "private": [found._asdict() for found in simulation.planted],
        "records": {
            "sent": tally.sent,
            "distinct": tally.distinct,
            "repeated": tally.repeated,
            "late": tally.late,
        },
    }


def truth_bytes(simulation: Simulation) -> bytes:
    """The same as indented JSON."""
    return orjson.dumps(truth_document(simulation), option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
