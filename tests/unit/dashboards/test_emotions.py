"""The panel of emotions, which is there as soon as emotion is a dimension of series."""

from __future__ import annotations

import subprocess
import sys

ASK = """
import contracts.series as series
series.DIMENSIONS = tuple(dict.fromkeys((*series.DIMENSIONS, "emotion")))
from dashboards.grafana.build import BOARDS, dashboard, panels
made = dashboard(BOARDS[1], "en")
print(*[panel["targets"][0]["query"] for panel in panels(made) if panel["title"] == "Emotions"])
"""


def test_shares_of_emotions_are_asked_for_by_their_dimension() -> None:
    told = subprocess.run([sys.executable, "-c", ASK], capture_output=True, text=True, check=True, timeout=60)
    assert told.stdout.startswith(
        'SELECT SUM("n") AS "n" FROM "buckets" WHERE $timeFilter AND "dims" = \'brand+emotion\''
    )
    assert told.stdout.rstrip().endswith('GROUP BY "emotion"')
