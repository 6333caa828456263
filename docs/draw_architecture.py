"""Draw docs/architecture.svg from the imports: python docs/draw_architecture.py [--check].

Apps stand above what they import; each shows its packages. Arrows leave out what follows from others. With
--check nothing is written: exit code 1 says that the picture is older than the code.
"""

from __future__ import annotations

import sys
from dataclasses import dataclass
from html import escape
from pathlib import Path

import grimp

ROOT = Path(__file__).resolve().parent.parent
TARGET = ROOT / "docs" / "architecture.svg"
ROOTS = ("crm", "members", "campaigns")
LEFT_OUT = {"crm.demo", "crm.settings", "crm.urls", "crm.celery", "crm.wsgi", "crm.environment"}
NOT_SHOWN = {"migrations", "management", "templatetags"}
# The way that data take, from a file to somebody's page.
STREAM = (
    "crm.imports",
    "members.profiles",
    "members.portfolio",
    "members.lifecycle",
    "crm.directory",
    "crm.desk",
)
MEANT = {
    "crm.runtime": "clock, work queue, change queue, database",
    "crm.staff": "users, roles, masking, access log, four eyes",
    "crm.web": "components, lists, registries, charts",
    "crm.imports": "files in, rejected rows out",
    "members.rules": "field catalogue, rule language",
    "members.profiles": "who the member is",
    "members.portfolio": "what the member holds",
    "members.lifecycle": "the five stages, why and what comes next",
    "members.segments": "saved segments",
    "members.loyalty": "points, tiers, badges",
    "crm.directory": "members as staff see them",
    "crm.desk": "the working day",
    "crm.insights": "KPIs, cohorts, overview",
    "crm.office": "pages for staff, teams, requests, audit",
    "crm.api": "HTTP API",
}
WIDTH, PAD, GAP, HEAD, CHIP = 1120, 20, 34, 48, 24
PER_LETTER = 7.2


@dataclass(frozen=True)
class Box:
    """An app with its packages, placed in pixels."""

    name: str
    packages: tuple[str, ...]
    x: float
    y: float
    width: float
    height: float


def graph() -> tuple[set[str], dict[str, set[str]], dict[str, tuple[str, ...]]]:
    """The apps, whom each imports, and the packages in each."""
    whole = grimp.build_graph(*(root for root in ROOTS if (ROOT / root).is_dir()), cache_dir=None)
    apps = {
        app
        for root in ROOTS
        if root in whole.modules
        for app in whole.find_children(root)
        if app not in LEFT_OUT and (ROOT / app.replace(".", "/")).is_dir()
    }
    owner = {module: app for app in apps for module in (app, *whole.find_descendants(app))}
    uses: dict[str, set[str]] = {app: set() for app in apps}
    for module, app in owner.items():
        targets = {owner.get(target, app) for target in whole.find_modules_directly_imported_by(module)}
        uses[app] |= targets - {app}
    packages = {
        app: tuple(
            sorted(
                child.rpartition(".")[2]
                for child in whole.find_children(app)
                if (ROOT / child.replace(".", "/")).is_dir() and child.rpartition(".")[2] not in NOT_SHOWN
            )
        )
        for app in apps
    }
    return apps, uses, packages


def floors(apps: set[str], uses: dict[str, set[str]]) -> list[list[str]]:
    """The apps by floor, the ground first: an app stands on the highest of those it imports."""
    height: dict[str, int] = {}

    def of(app: str) -> int:
        if app not in height:
            height[app] = 1 + max((of(target) for target in uses[app]), default=-1)
        return height[app]

    rows: list[list[str]] = [[] for _ in range(1 + max(map(of, apps)))]
    for app in sorted(apps):
        rows[of(app)].append(app)
    return rows


def reduced(uses: dict[str, set[str]]) -> list[tuple[str, str]]:
    """The imports that do not follow from others."""

    def reach(app: str) -> set[str]:
        return uses[app].union(*(reach(target) for target in uses[app])) if uses[app] else set()

    return sorted(
        (app, target)
        for app, targets in uses.items()
        for target in targets
        if not any(target in reach(other) for other in targets - {target})
    )


def place(rows: list[list[str]], packages: dict[str, tuple[str, ...]]) -> tuple[dict[str, Box], float]:
    """Each app's box, the top floor first, and the height of the drawing."""
    boxes, y = {}, 96.0
    for row in reversed(rows):
        width = (WIDTH - 2 * PAD - GAP * (len(row) - 1)) / len(row)
        tallest = 0.0
        for number, app in enumerate(row):
            lines = _chips(packages[app], width)
            height = HEAD + CHIP * len(lines) + 10
            x = PAD + number * (width + GAP)
            boxes[app] = Box(app, packages[app], x, y, width, height)
            tallest = max(tallest, height)
        y += tallest + GAP
    return boxes, y


def _chips(names: tuple[str, ...], width: float) -> list[list[tuple[str, float]]]:
    """Names in lines, each with its offset from the left."""
    lines: list[list[tuple[str, float]]] = []
    x = width
    for name in names:
        size = len(name) * PER_LETTER + 22
        if x + size > width - 10:
            lines.append([])
            x = 12
        lines[-1].append((name, x))
        x += size
    return lines


def draw() -> str:
    apps, uses, packages = graph()
    boxes, height = place(floors(apps, uses), packages)
    parts = [_arrow(boxes[app], boxes[target]) for app, target in reduced(uses)]
    parts += [_box(box) for box in boxes.values()]
    stream = " → ".join(("files", "facts", "stages", "people’s pages"))
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height:.0f}" role="img"'
            ' aria-label="The apps of Perennial and what each imports">',
            STYLE,
            f'<text x="{PAD}" y="38" class="title">Perennial: who stands on whom</text>',
            f'<text x="{PAD}" y="62" class="note">An arrow is an import. Green shows the way of data: '
            f"{stream}.</text>",
            *parts,
            "</svg>",
            "",
        ]
    )


STYLE = """<style>
svg { font: 13px system-ui, sans-serif; background: #fff }
.title { font-size: 19px; font-weight: 600 } text { fill: #1c2430 } .note, .meant { fill: #5b6675 }
.app { fill: #f4f6f9; stroke: #b9c2cf } .stream { fill: #e6f4ec; stroke: #4c9a6f } .name { font-weight: 600 }
.chip { fill: #fff; stroke: #d5dbe4 } .small { font-size: 11.5px }
.arrow { stroke: #8a96a6; fill: none; stroke-width: 1.3 } .tip { fill: #8a96a6 }
@media (prefers-color-scheme: dark) {
svg { background: #12161d } text { fill: #e6eaf0 } .note, .meant { fill: #9aa5b4 }
.app { fill: #1b212b; stroke: #3b4656 } .stream { fill: #16301f; stroke: #4c9a6f }
.chip { fill: #12161d; stroke: #333d4b } .arrow { stroke: #6b7789 } .tip { fill: #6b7789 }
}
</style>"""


def _box(box: Box) -> str:
    kind = "stream" if box.name in STREAM else "app"
    path, meant = box.name.replace(".", "/"), MEANT.get(box.name, "")
    size = f'width="{box.width:.0f}" height="{box.height:.0f}"'
    parts = [
        f'<rect class="{kind}" x="{box.x:.0f}" y="{box.y:.0f}" {size} rx="7"/>',
        f'<text class="name" x="{box.x + 12:.0f}" y="{box.y + 21:.0f}">{path}</text>',
        f'<text class="meant small" x="{box.x + 12:.0f}" y="{box.y + 38:.0f}">{escape(meant)}</text>',
    ]
    for number, line in enumerate(_chips(box.packages, box.width)):
        y = box.y + HEAD + number * CHIP
        for name, offset in line:
            x, width = box.x + offset, len(name) * PER_LETTER + 14
            parts.append(
                f'<rect class="chip" x="{x:.0f}" y="{y:.0f}" width="{width:.0f}" height="19" rx="9"/>'
                f'<text class="small" x="{x + 7:.0f}" y="{y + 13.5:.1f}">{name}</text>'
            )
    return "\n".join(parts)


def _arrow(above: Box, below: Box) -> str:
    """From the foot of the importing app to the top of the imported one, where these are nearest."""
    low, high = max(above.x, below.x), min(above.x + above.width, below.x + below.width)
    x1 = x2 = (low + high) / 2
    if low > high:
        x1 = above.x + above.width / 2
        x2 = below.x + below.width / 2
    y1, y2 = above.y + above.height, below.y - 6
    middle = (y1 + y2) / 2
    bend = f"C{x1:.0f} {middle:.0f} {x2:.0f} {middle:.0f} {x2:.0f} {y2:.0f}"
    return (
        f'<path class="arrow" d="M{x1:.0f} {y1:.0f} {bend}"/>'
        f'<path class="tip" d="M{x2 - 4:.0f} {y2:.0f} h8 l-4 6 z"/>'
    )


def main() -> int:
    drawn = draw()
    if "--check" not in sys.argv:
        TARGET.write_text(drawn, encoding="utf-8")
        return 0
    if TARGET.exists() and TARGET.read_text(encoding="utf-8") == drawn:
        return 0
    print(f"{TARGET.relative_to(ROOT)} is not what the imports say: run python docs/draw_architecture.py")
    return 1


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    sys.exit(main())
