"""A day's shape as a picture small enough for the Dagster UI to show in place."""

from itertools import pairwise
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
        f"{marks}<path d='{_path(shape)}' fill='none' stroke='#47c' stroke-width='2' "
        "stroke-linecap='round'/></svg>"
    )


def _path(shape: Shape) -> str:
    least = min(shape.values)
    scale = (_FLOOR - _TOP) / ((max(shape.values) - least) or 1.0)
    points = [
        f"{_x(hour):.0f} {_FLOOR - (value - least) * scale:.0f}"
        for hour, value in zip(shape.hours, shape.values, strict=True)
    ]
    # an hour without rows leaves a hole; the round cap shows an hour that stands alone
    follows = [False, *(b == a + 1 for a, b in pairwise(shape.hours))]
    return "".join(
        f"L{point}" if joined else f"M{point}h0"
        for point, joined in zip(points, follows, strict=True)
    )


def _x(hour: int) -> float:
    return _LEFT + hour / _HOURS_MARKED[-1] * (_WIDTH - 3 * _LEFT)


def _rounded(value: float) -> float:
    return float(f"{value:.4g}")
