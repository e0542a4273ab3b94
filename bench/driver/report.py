"""Writes the results into docs/performance.md, between markers, and the pictures into docs/images."""

import datetime
import json
import os
import platform

from . import programs

PAGE = os.path.join(programs.ROOT, "docs", "performance.md")
IMAGES = os.path.join(programs.ROOT, "docs", "images")


def quantiles(values):
    """Least, median, 90 %, 99 % and greatest: the smallest value that at least this share does not exceed."""
    ordered = sorted(values)
    rank = lambda share: ordered[max(0, -int(-share * len(ordered) // 1) - 1)]
    return {0: ordered[0], 0.5: rank(0.5), 0.9: rank(0.9), 0.99: rank(0.99), 1: ordered[-1]}


def spread(values, unit="", digits=1):
    """The median, with the least and the greatest value of all repetitions."""
    q = quantiles(values)
    text = f"{q[0.5]:,.{digits}f}{unit}"
    return text if len(values) == 1 else f"{text} ({q[0]:,.{digits}f} to {q[1]:,.{digits}f})"


def machine():
    """The machine in the words of the report: cores and kernel only."""
    day = datetime.datetime.now(datetime.timezone.utc).strftime("%B %Y")
    return f"{day}, {os.cpu_count()} cores, Linux {platform.release().split('-')[0]}"


def write(part, table, pictures, quick, folder):
    """Stores one part: in the page, or only in the folder when it is a trial."""
    text = f"Measured: {machine()}" + (", quick trial." if quick else ".") + f"\n\n{table}"
    for name in pictures:
        text += f"\n\n![Each single time, and the median]({'' if quick else 'images/'}{name})"
    os.makedirs(folder, exist_ok=True)
    if quick:
        with open(os.path.join(folder, f"{part}.md"), "w", encoding="utf-8") as file:
            file.write(text + "\n")
    for name, svg in pictures.items():
        with open(os.path.join(folder if quick else IMAGES, name), "w", encoding="utf-8") as file:
            file.write(svg)
    if quick:
        return
    with open(PAGE, encoding="utf-8") as file:
        page = file.read()
    start, end = f"<!-- bench {part} -->\n", f"<!-- end of {part} -->"
    before, rest = page.split(start)
    after = rest[rest.index(end) :]
    with open(PAGE, "w", encoding="utf-8") as file:
        file.write(f"{before}{start}\n{text}\n\n{after}")


def write_data(part, data, folder):
    """Stores the single measurements of a part."""
    os.makedirs(folder, exist_ok=True)
    with open(os.path.join(folder, f"{part}.json"), "w", encoding="utf-8") as file:
        json.dump(data, file, indent=1)
        file.write("\n")
