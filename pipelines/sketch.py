"""A day's shape as a picture small enough for the Dagster UI to show in place."""

from urllib.parse import quote

from connectors.static_portal.formats import number
from pipelines.steps.shape import Shape

# the UI shows markdown in place below a thousand characters, and a button above
_WIDTH, _HEIGHT, _LEFT, _TOP, _FLOOR = 400, 96, 8, 22, 78
_HOURS_MARKED = (0, 6, 12, 18, 24)
_KEPT = " =:/'\"(),.;-"


def sketch(shape: Shape) -> str:
    """The shape as markdown: a line over the hours, under its least and greatest value."""
    svg = quote(_svg(shape), safe=_KEPT).replace('"', "'")
    return f"![{_told(shape)}](<data:image/svg+xml,{svg}>)"


def _told(shape: Shape) -> str:
    if shape.field is None:
        return "rows per hour"
    return f"mean of {shape.field.name} per hour"


def _svg(shape: Shape) -> str:
    least, most = (number(_rounded(edge(shape.values)), "en") for edge in (min, max))
    said = f"{_told(shape)}: {least} to {most}"
    marks = "".join(f"<text x='{_x(h):.0f}' y='93'>{h:02}</text>" for h in _HOURS_MARKED)
    return (
        f"<svg xmlns='http://www.w3.org/2000/svg' width='{_WIDTH}' height='{_HEIGHT}' "
        f"font-family='sans-serif' font-size='11' fill='#888'><text x='2' y='12'>{said}</text>"
        f"{marks}<g fill='none' stroke='#47c' stroke-linecap='round'>{_paths(shape)}</g></svg>"
    )


def _paths(shape: Shape) -> str:
    runs = _runs(shape)
    line = "".join(f"M{'L'.join(run)}" for run in runs if len(run) > 1)
    alone = "".join(f"M{run[0]}h0" for run in runs if len(run) == 1)
    widths = {line: 2, alone: 5}
    return "".join(f"<path d='{d}' stroke-width='{w}'/>" for d, w in widths.items() if d)


def _runs(shape: Shape) -> list[list[str]]:
    """The points of neighbouring hours, together: an hour without rows parts them."""
    least = min(shape.values)
    scale = (_FLOOR - _TOP) / ((max(shape.values) - least) or 1.0)
    runs: list[list[str]] = []
    for hour, value in zip(shape.hours, shape.values, strict=True):
        if not runs or hour - 1 not in shape.hours:
            runs.append([])
        runs[-1].append(f"{_x(hour):.0f} {_FLOOR - (value - least) * scale:.0f}")
    return runs


def _x(hour: int) -> float:
    return _LEFT + hour / _HOURS_MARKED[-1] * (_WIDTH - 3 * _LEFT)


def _rounded(value: float) -> float:
    return float(f"{value:.4g}")
