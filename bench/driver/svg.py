"""Draws distributions as SVG, without a library."""

from html import escape

WIDTH, LEFT, ROW, TOP = 820, 290, 34, 58
COLOURS = ["#1769aa", "#b45309", "#7c3aed", "#c2570c", "#6d28d9"]
STYLE = (
    "<style>text{font:13px sans-serif;fill:#24292f}.t{font-weight:600}.a{fill:#57606a;font-size:12px}"
    "@media(prefers-color-scheme:dark){text{fill:#e6edf3}.a{fill:#9aa4ae}}</style>"
)


def _ticks(most):
    step = next(s for s in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000) if most / s <= 8)
    return [step * i for i in range(int(most // step) + 1)]


def distribution(title, series):
    """One row of dots for each series, with a line at its median. The x axis starts at 0."""
    most = max(max(values) for values in series.values()) * 1.02
    scale = (WIDTH - LEFT - 20) / most
    height = TOP + ROW * len(series) + 30
    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" role="img">',
        f"<title>{escape(title)}</title>{STYLE}",
        f'<text class="t" x="10" y="22">{escape(title)}</text>',
        '<text class="a" x="10" y="40">One dot for each time; the line is the median.</text>',
    ]
    for tick in _ticks(most):
        x = LEFT + tick * scale
        out.append(f'<path d="M{x:.1f} {TOP - 8}V{height - 24}" stroke="#8c959f" stroke-opacity=".35"/>')
        out.append(f'<text class="a" x="{x:.1f}" y="{height - 8}" text-anchor="middle">{tick} s</text>')
    for row, (label, values) in enumerate(series.items()):
        y, colour = TOP + ROW * row + ROW / 2, COLOURS[row % len(COLOURS)]
        out.append(f'<text x="10" y="{y + 4:.0f}">{escape(label)}</text>')
        out.append(f'<g fill="{colour}" fill-opacity=".45">')
        for i, value in enumerate(sorted(values)):
            out.append(f'<circle cx="{LEFT + value * scale:.1f}" cy="{y + (i % 5 - 2) * 3:.1f}" r="3"/>')
        median = sorted(values)[(len(values) - 1) // 2]
        x = LEFT + median * scale
        out.append(f'</g><path d="M{x:.1f} {y - 13:.1f}v26" stroke="{colour}" stroke-width="3"/>')
    return "\n".join([*out, "</svg>", ""])
