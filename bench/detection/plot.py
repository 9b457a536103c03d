"""Histograms of ranks as one SVG: a bar each twentieth, a line where all bars would end if the ranks were uniform."""

from __future__ import annotations

from collections.abc import Mapping
from html import escape

import numpy as np

from bench.detection.stream import Floats

BINS = 20
WIDTH, HEIGHT, GAP = 220, 120, 24


def histograms(ranks: Mapping[str, Floats]) -> str:
    """One panel a stream, side by side.

    >>> svg = histograms({"5 a step": np.linspace(0, 0.999, 1000)})
    >>> svg.startswith("<svg"), svg.count("<rect"), "5 a step" in svg
    (True, 21, True)
    """
    wide = len(ranks) * (WIDTH + GAP) + GAP
    high = HEIGHT + 3 * GAP
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{wide}" height="{high}" viewBox="0 0 {wide} {high}" '
        'font-family="sans-serif" font-size="12">',
        f'<rect width="{wide}" height="{high}" fill="#ffffff"/>',
    ]
    for place, (name, one) in enumerate(ranks.items()):
        parts += _panel(GAP + place * (WIDTH + GAP), name, one)
    return "\n".join([*parts, "</svg>\n"])


def _panel(left: int, name: str, ranks: Floats) -> list[str]:
    shares = np.histogram(ranks, bins=BINS, range=(0, 1))[0] / max(1, len(ranks)) * BINS
    bottom, unit, bar = HEIGHT + GAP, HEIGHT / 1.5, WIDTH / BINS
    parts = [f'<text x="{left}" y="{GAP - 8}">{escape(name)}</text>']
    for place, share in enumerate(np.minimum(shares, 1.5).tolist()):
        tall = share * unit
        parts.append(
            f'<rect x="{left + place * bar:.1f}" y="{bottom - tall:.1f}" width="{bar - 1:.1f}" height="{tall:.1f}" '
            'fill="#4c72b0"/>'
        )
    line = f'<line x1="{left}" x2="{left + WIDTH}" y1="{bottom - unit:.1f}" y2="{bottom - unit:.1f}" stroke="#c44e52"/>'
    ends = f'<text x="{left}" y="{bottom + 16}">0</text><text x="{left + WIDTH - 8}" y="{bottom + 16}">1</text>'
    return [*parts, line, ends]
