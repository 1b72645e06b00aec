"""Charts as files of their own: an `<img>` shows them, under a policy that lets them do nothing else."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Hashable
from threading import Lock

from starlette.responses import Response

from models.charts import Chart, svg

POLICY = "default-src 'none'; frame-ancestors 'none'; sandbox"
KEPT = 100
"""Pictures kept in memory; drawing one takes some hundred milliseconds of a core."""

_drawn: OrderedDict[Hashable, bytes] = OrderedDict()
_lock = Lock()


def picture(chart: Chart) -> Response:
    """The chart as an SVG file; drawn once for the same figures."""
    headers = {"Content-Security-Policy": POLICY, "Cache-Control": "private, no-cache"}
    return Response(_drawing(chart), headers=headers, media_type="image/svg+xml")


def _drawing(chart: Chart) -> bytes:
    key = (chart.title, chart.summary, chart.height, chart.table.columns, tuple(chart.table.rows))
    with _lock:
        if key in _drawn:
            _drawn.move_to_end(key)
            return _drawn[key]
        # Within the lock: whoever asks for the same picture waits for it instead of drawing it too.
        made = _drawn[key] = svg(chart).encode()
        if len(_drawn) > KEPT:
            _drawn.popitem(last=False)
        return made
