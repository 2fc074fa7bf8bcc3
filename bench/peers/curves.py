"""Curves of bench/growth as an SVG."""

import math

COLOURS = ["#1a7f64", "#b3541e", "#3b5b92", "#8a3ffc", "#555555", "#c0334d"]
WIDTH, HEIGHT, LEFT, TOP = 760, 380, 60, 20
PLOT = 420


def write_curves(rows, path):
    """Processor time by size, each as a multiple of the smallest size's; both axes are logarithmic."""
    lines = {}
    for row in rows:
        lines.setdefault((row["dimension"], row["load"]), []).append((row["size"], row["cpu"]))
    lines = {key: points for key, points in lines.items() if len(points) > 1 and points[0][1] > 0}
    if not lines:
        return
    ratios = {key: [(size, cpu / points[0][1]) for size, cpu in points] for key, points in lines.items()}
    every = [point for points in ratios.values() for point in points]
    right = max(math.log10(size) for size, _ in every)
    low = min(-0.5, min(math.log10(max(ratio, 0.01)) for _, ratio in every))
    high = max(1.0, max(math.log10(ratio) for _, ratio in every))

    def x(size):
        return LEFT + PLOT * math.log10(size) / right

    def y(ratio):
        return TOP + (HEIGHT - 70) * (high - math.log10(max(ratio, 0.01))) / (high - low)

    out = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" font-family="sans-serif" font-size="12">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>',
    ]
    for power in range(math.floor(right) + 1):
        out.append(f'<line x1="{x(10**power):.0f}" x2="{x(10**power):.0f}" y1="{TOP}" y2="{HEIGHT - 50}" stroke="#eeeeee"/>')
        out.append(f'<text x="{x(10**power):.0f}" y="{HEIGHT - 34}" text-anchor="middle">{10**power:,}</text>')
    for ratio in (0.3, 0.5, 1, 2, 5, 10, 20, 50, 100):
        if low <= math.log10(ratio) <= high:
            out.append(f'<line x1="{LEFT}" x2="{LEFT + PLOT}" y1="{y(ratio):.0f}" y2="{y(ratio):.0f}" stroke="#e2e2e2"/>')
            out.append(f'<text x="{LEFT - 8}" y="{y(ratio) + 4:.0f}" text-anchor="end">× {ratio}</text>')
    for number, ((dimension, load), points) in enumerate(ratios.items()):
        colour, dash = COLOURS[number % len(COLOURS)], ' stroke-dasharray="5 3"' if number >= len(COLOURS) else ""
        path_of = " ".join(f"{x(size):.1f},{y(ratio):.1f}" for size, ratio in points)
        out.append(f'<polyline points="{path_of}" fill="none" stroke="{colour}" stroke-width="2"{dash}/>')
        at = TOP + 8 + 22 * number
        out.append(f'<line x1="{LEFT + PLOT + 15}" x2="{LEFT + PLOT + 40}" y1="{at}" y2="{at}" stroke="{colour}" stroke-width="2"{dash}/>')
        out.append(f'<text x="{LEFT + PLOT + 46}" y="{at + 4}">{dimension}: {load}</text>')
    out.append(f'<text x="{LEFT}" y="{HEIGHT - 10}">CPU time a request (a chunk of a stream), by how many there are; 1 is the smallest size</text>')
    out.append("</svg>")
    path.write_text("\n".join(out) + "\n")
