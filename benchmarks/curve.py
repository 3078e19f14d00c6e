"""A small SVG of refusals against false refusals."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

_SIDE, _LEFT, _TOP = 360, 60, 20
_MOST = 0.3  # of false refusals; nobody would bear more
_COLOURS = ("#1b6ca8", "#c2571a", "#2e7d32")


def draw(lines: Mapping[str, Sequence[tuple[float, float]]]) -> str:
    """An SVG document: a line each, of pairs of false refusals and refused unanswerable."""
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_SIDE + 160}" height="{_SIDE + 80}" '
        'font-family="sans-serif" font-size="12">',
        '<rect width="100%" height="100%" fill="white"/>',
    ]
    for step in range(6):
        x, y = _LEFT + step * _SIDE / 5, _TOP + _SIDE - step * _SIDE / 5
        parts += [
            f'<path d="M{x:.0f} {_TOP}V{_TOP + _SIDE}M{_LEFT} {y:.0f}H{_LEFT + _SIDE}" '
            'stroke="#ddd"/>',
            _text(x, _TOP + _SIDE + 18, f"{step * _MOST / 5:.2f}"),
            _text(_LEFT - 20, y + 4, f"{step / 5:.1f}"),
        ]
    for number, (name, pairs) in enumerate(lines.items()):
        colour = _COLOURS[number % len(_COLOURS)]
        points = " ".join(
            f"{_LEFT + x / _MOST * _SIDE:.1f},{_TOP + (1 - y) * _SIDE:.1f}"
            for x, y in pairs
            if x <= _MOST
        )
        parts += [
            f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"/>',
            _text(_LEFT + _SIDE + 45, _TOP + 20 + 20 * number, name, colour),
        ]
    middle = _LEFT + _SIDE / 2
    parts += [
        _text(middle, _TOP + _SIDE + 40, "answerable questions refused"),
        f'<g transform="rotate(-90 14 {_TOP + _SIDE / 2:.0f})">'
        f"{_text(14, _TOP + _SIDE / 2, 'unanswerable questions refused')}</g>",
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _text(x: float, y: float, text: str, colour: str = "black") -> str:
    return f'<text x="{x:.0f}" y="{y:.0f}" text-anchor="middle" fill="{colour}">{text}</text>'
