"""The app's logo, drawn from one list of shapes: three lines of a ticket, and the arrow that one of them gives.

In: a size in pixels. Out: PNG or SVG bytes, the same every time. No picture is read from anywhere.
"""

import struct
import zlib
from functools import cache
from itertools import product

SIDE = 32
"""The drawing is 32 units wide and high; a shape is (x, y, width, height, corner radius)."""

GROUND = (0x3A, 0x4A, 0x8C)
INK = (0xFF, 0xFF, 0xFF)
Box = tuple[float, float, float, float, float]
Colour = tuple[int, int, int]
BACK: Box = (1, 1, 30, 30, 7)
LINES: tuple[Box, ...] = ((7, 9, 11, 2.6, 1.3), (7, 14.7, 14, 2.6, 1.3), (7, 20.4, 9, 2.6, 1.3))
ARROW = ((20.6, 11.6), (26.4, 16), (20.6, 20.4))
"""A triangle, pointing to where the ticket goes."""

SAMPLES = 3
"""A pixel on an edge is sampled three by three times, so that edges are smooth."""


def as_svg() -> bytes:
    """The logo as SVG, without script, style or anything from elsewhere."""
    boxes = "".join(_rect(box, INK) for box in LINES)
    points = " ".join(f"{x},{y}" for x, y in ARROW)
    arrow = f'<polygon points="{points}" fill="{_hex(INK)}"/>'
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {SIDE} {SIDE}" width="{SIDE}" height="{SIDE}">'
    return f"{head}{_rect(BACK, GROUND)}{boxes}{arrow}</svg>\n".encode()


@cache
def as_png(pixels: int) -> bytes:
    """The logo as a PNG of so many pixels a side, with a clear ground around its corners."""
    scale = SIDE / pixels
    corners = [[_colour(x * scale, y * scale) for x in range(pixels + 1)] for y in range(pixels + 1)]
    rows = bytearray()
    for y, x in product(range(pixels), repeat=2):
        if x == 0:
            rows += b"\0"
        around = {corners[y][x], corners[y][x + 1], corners[y + 1][x], corners[y + 1][x + 1]}
        rows += _solid(around.pop()) if len(around) == 1 else _mixed(x * scale, y * scale, scale)
    header = struct.pack(">IIBBBBB", pixels, pixels, 8, 6, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + _chunk(b"IHDR", header) + _chunk(b"IDAT", zlib.compress(bytes(rows), 9)) + _chunk(b"IEND", b"")


def _solid(colour: Colour | None) -> bytes:
    """Red, green, blue and opacity of a pixel that no edge goes through."""
    return bytes([*colour, 255]) if colour else b"\0\0\0\0"


def _mixed(left: float, top: float, side: float) -> bytes:
    """The same of a pixel on an edge: the mean of its samples."""
    places = product((((2 * step + 1) / (2 * SAMPLES)) * side for step in range(SAMPLES)), repeat=2)
    seen = [_colour(left + across, top + down) for across, down in places]
    inked = [colour for colour in seen if colour is not None]
    if not inked:
        return _solid(None)
    mean = [round(sum(colour[channel] for colour in inked) / len(inked)) for channel in range(3)]
    return bytes([*mean, round(255 * len(inked) / len(seen))])


def _colour(x: float, y: float) -> Colour | None:
    if not _in_box(x, y, BACK):
        return None
    return INK if any(_in_box(x, y, box) for box in LINES) or _in_arrow(x, y) else GROUND


def _in_box(x: float, y: float, box: Box) -> bool:
    left, top, width, height, radius = box
    if not (left <= x <= left + width and top <= y <= top + height):
        return False
    across = max(left + radius - x, x - (left + width - radius), 0.0)
    down = max(top + radius - y, y - (top + height - radius), 0.0)
    return across * across + down * down <= radius * radius


def _in_arrow(x: float, y: float) -> bool:
    corners = zip(ARROW, (*ARROW[1:], ARROW[0]), strict=True)
    return all((x2 - x1) * (y - y1) - (y2 - y1) * (x - x1) >= 0 for (x1, y1), (x2, y2) in corners)


def _rect(box: Box, colour: Colour) -> str:
    x, y, width, height, radius = box
    return f'<rect x="{x}" y="{y}" width="{width}" height="{height}" rx="{radius}" fill="{_hex(colour)}"/>'


def _hex(colour: Colour) -> str:
    return "#{:02x}{:02x}{:02x}".format(*colour)


def _chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
