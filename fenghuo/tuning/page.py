"""The result of tuning as one HTML file that loads nothing from outside."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from jinja2 import Environment
from markupsafe import Markup

from fenghuo.tuning.compare import Compared
from fenghuo.tuning.measure import Outcome, total
from fenghuo.tuning.plot import drawing
from fenghuo.tuning.search import Proposal

_MOST_DRAWN = 60

_TEMPLATE = """\
<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Fenghuo: settings compared</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<style>
:root { color-scheme: light dark; font: 15px/1.5 system-ui, sans-serif; }
body { max-width: 1060px; margin: 2rem auto; padding: 0 1rem; }
table { border-collapse: collapse; margin: 1rem 0; } th, td { padding: .25rem .8rem; text-align: right; }
th:first-child, td:first-child { text-align: left; } tr + tr { border-top: 1px solid #8884; }
svg { width: 100%; height: auto; } svg text { font-size: 11px; fill: currentColor; opacity: .75; }
code { background: #8882; padding: 0 .3rem; } .kept { color: #1f5fa8; }
.gained { color: #0a8a3a; } .lost { color: #c62828; }
</style></head><body>
<h1>Settings compared 设置对比</h1>
<p>Changed: {% for name, value in changes.items() %}<code>{{ name }} = {{ value }}</code>
{% else %}nothing{% endfor %}</p>
<p>Warnings: <b class="kept">● kept 保留</b> <b class="gained">● gained 新增</b> <b class="lost">● lost 消失</b>.
Shaded: what was labelled 标注时段. The height goes with the root of the count.</p>
<table><tr><th>All series</th><th>warnings</th><th>a week</th><th>precision</th><th>recall</th><th>median delay</th>
<th>false a week</th></tr>
{% for name, one in totals %}<tr><td>{{ name }}</td>{{ cells(one) }}</tr>{% endfor %}</table>
{% for one in compared %}<h2>{{ one.case.name }}</h2>
<p>{{ one.before|length }} warnings before, {{ one.after|length }} after; {{ one.gained|length }} gained,
{{ one.lost|length }} lost.</p>
{{ drawing(one) }}{% endfor %}
{% if left %}<p>{{ left }} more series are not drawn.</p>{% endif %}
</body></html>
"""


def page(compared: Sequence[Compared], changes: Mapping[str, Any], proposal: Proposal | None) -> str:
    """The whole page. Names and values are escaped."""
    totals: list[tuple[str, Outcome]] = [
        ("as it is 现状", total(one.was for one in compared)),
        ("changed 改后", total(one.now for one in compared)),
    ]
    if proposal is not None:
        totals.append(("found by search, judged on series left out 留一检验", proposal.unseen))
    template = Environment(autoescape=True).from_string(_TEMPLATE)
    return template.render(
        compared=compared[:_MOST_DRAWN],
        left=max(0, len(compared) - _MOST_DRAWN),
        changes=changes,
        totals=totals,
        cells=lambda one: Markup("".join(f"<td>{text}</td>" for text in figures(one))),  # noqa: S704 - figures alone
        drawing=lambda one: Markup(drawing(one)),  # noqa: S704 - numbers and times alone
    )


def figures(one: Outcome) -> tuple[str, ...]:
    """Warnings, a week, precision, recall, delay, false a week; a dash where nothing is known."""
    return (
        str(one.told),
        f"{one.per_week:.2f}",
        _share(one.precision),
        f"{one.found}/{one.windows}" if one.windows else "–",
        "–" if one.delay is None else f"{one.delay:.1f} h",
        "–" if one.false_per_week is None else f"{one.false_per_week:.2f}",
    )


def _share(value: float | None) -> str:
    return "–" if value is None else f"{value:.0%}"
