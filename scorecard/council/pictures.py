"""A logo as it is uploaded, brought into the one form in which it is kept: a small PNG, and nothing but the picture.

The file is decoded and drawn anew, so that nothing else that was in it is ever handed out: no script, no place where a
photograph was taken, no second file behind the first.
"""

from __future__ import annotations

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from hashlib import sha256
from io import BytesIO
from threading import Lock
from typing import IO, NamedTuple

from django.core.exceptions import ValidationError
from PIL import Image, ImageFile, ImageOps

# Of the file, and of the picture in it: whatever is more is refused before it is decoded.
MOST_BYTES = 5_000_000
MOST_PIXELS = 16_000_000
# Of what is kept: twice as large as pages show it and sharp on paper, and light enough for every page.
WIDEST, HIGHEST = 800, 240
MOST_BYTES_KEPT = 60_000
LEAST = 32
FORMATS = ("PNG", "JPEG", "WEBP")
_ONE_AT_A_TIME = Lock()
KINDS = "Upload a PNG, JPEG or WebP picture"


class Picture(NamedTuple):
    """What is kept of a logo."""

    checksum: str
    content: bytes
    width: int
    height: int


def read_picture(file: IO[bytes]) -> Picture:
    """The picture in an uploaded file. Raises ValidationError, in words for whoever uploaded it."""
    content = file.read(MOST_BYTES + 1)
    if not content:
        raise ValidationError(f"The file is empty. {KINDS}.")
    if len(content) > MOST_BYTES:
        raise ValidationError(f"The file is larger than {MOST_BYTES // 1_000_000} MB. {KINDS} that is smaller.")
    image = _decoded(content)
    if max(image.size) < LEAST or min(image.size) < LEAST // 4:
        raise ValidationError(f"The picture has {image.width} by {image.height} pixels: too few to be shown sharply.")
    least, most = image.getchannel("A").getextrema() if image.mode == "RGBA" else (255, 255)
    if most == 0 or (least == 255 and len(image.convert("RGB").getcolors(1) or ()) == 1):
        raise ValidationError("The picture is empty: it has one colour only, or is transparent all over.")
    image.thumbnail((WIDEST, HIGHEST), Image.Resampling.LANCZOS)
    return _written(image)


def _decoded(content: bytes) -> Image.Image:
    """The first picture in the file, upright, as RGB or RGBA."""
    start = content[:1000].lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    if start.startswith(b"<") or b"<svg" in start:
        raise ValidationError(
            f"This is a drawing (SVG) or a page, which can contain programs. {KINDS}: whatever made the drawing can "
            f"export it as PNG, at least {WIDEST // 2} pixels wide."
        )
    try:
        with warnings.catch_warnings():
            # The size is looked at below; Pillow only warns of one that is a little too large.
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            image = Image.open(BytesIO(content), formats=FORMATS)
        size = image.size
    except Image.DecompressionBombError as error:
        raise ValidationError(_too_many()) from error
    except Exception as error:  # whatever a decoder stumbles over, the file is none that it can read
        raise ValidationError(f"This is no picture that can be read. {KINDS}.") from error
    if size[0] * size[1] > MOST_PIXELS:
        raise ValidationError(_too_many())
    try:
        with _to_the_end():
            image.load()
        upright = ImageOps.exif_transpose(image)
        return upright.convert("RGBA" if upright.has_transparency_data else "RGB")
    except Exception as error:
        raise ValidationError(f"The picture is damaged and can’t be read to its end. {KINDS} that is whole.") from error


@contextmanager
def _to_the_end() -> Iterator[None]:
    """Within it Pillow fails over half a picture. WeasyPrint, once it is loaded, tells it not to, whoever asks."""
    with _ONE_AT_A_TIME:
        before, ImageFile.LOAD_TRUNCATED_IMAGES = ImageFile.LOAD_TRUNCATED_IMAGES, False
        try:
            yield
        finally:
            ImageFile.LOAD_TRUNCATED_IMAGES = before


def _too_many() -> str:
    return (
        f"The picture has more than {MOST_PIXELS // 1_000_000} million pixels. {KINDS} that is smaller: "
        f"{WIDEST} by {HIGHEST} pixels are enough."
    )


def _written(image: Image.Image) -> Picture:
    """The picture alone, as a PNG: of 256 colours where it would be too large otherwise, then smaller."""
    drawn = Image.new(image.mode, image.size)
    drawn.paste(image)
    while True:
        for one in (drawn, drawn.quantize(256, Image.Quantize.FASTOCTREE)):
            out = BytesIO()
            one.save(out, "PNG", optimize=True)
            if out.tell() <= MOST_BYTES_KEPT:
                return Picture(sha256(out.getvalue()).hexdigest(), out.getvalue(), *drawn.size)
        drawn = drawn.resize((max(1, drawn.width * 3 // 4), max(1, drawn.height * 3 // 4)), Image.Resampling.LANCZOS)
