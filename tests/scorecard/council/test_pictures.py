"""Logos as people upload them, and files that are none."""

import random
import struct
import zlib
from io import BytesIO

import pytest
from django.core.exceptions import ValidationError
from PIL import Image, ImageDraw, ImageFile, PngImagePlugin

from scorecard.council.pictures import HIGHEST, MOST_BYTES, MOST_BYTES_KEPT, WIDEST, read_picture

SECRET = b"taken at 51.5074 N"


def drawing(mode="RGB", size=(400, 160)):
    image = Image.new("RGBA" if mode == "RGBA" else "RGB", size, (255, 255, 255, 0) if mode == "RGBA" else "white")
    ImageDraw.Draw(image).ellipse((10, 10, size[0] // 2, size[1] - 10), fill="navy")
    return image if image.mode == mode else image.convert(mode)


def file_of(image, kind="PNG", **options):
    out = BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def kept(content):
    picture = read_picture(BytesIO(content))
    return picture, Image.open(BytesIO(picture.content))


def refusal(content):
    with pytest.raises(ValidationError) as error:
        read_picture(BytesIO(content))
    return " ".join(error.value.messages)


def chunk(name, data):
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png_of_size(width, height):
    """A PNG that says it is so large, with hardly anything in it."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0")) + chunk(b"IEND", b"")


@pytest.mark.parametrize(
    ("mode", "kind"),
    [
        ("RGB", "PNG"),
        ("RGBA", "PNG"),
        ("P", "PNG"),
        ("L", "PNG"),
        ("1", "PNG"),
        ("RGB", "JPEG"),
        ("CMYK", "JPEG"),
        ("RGB", "WEBP"),
        ("RGBA", "WEBP"),
    ],
)
def test_pictures_of_every_kind_become_a_small_png(mode, kind):
    picture, image = kept(file_of(drawing(mode), kind))
    assert (image.format, image.size) == ("PNG", (picture.width, picture.height)) == ("PNG", (400, 160))
    # What was drawn is still there.
    red, green, blue = image.convert("RGB").getpixel((100, 80))
    assert (red < 60, green < 60, blue > 80) == (True, True, True) or mode in ("L", "1")


def test_transparent_ground_stays():
    _, image = kept(file_of(drawing("RGBA")))
    assert image.convert("RGBA").getpixel((390, 5))[3] == 0


def test_large_picture_is_made_small_and_light():
    noise = Image.frombytes("RGB", (2000, 600), random.Random(1).randbytes(2000 * 600 * 3))  # noqa: S311
    picture, image = kept(file_of(noise, "JPEG"))
    assert image.width <= WIDEST
    assert image.height <= HIGHEST
    assert len(picture.content) <= MOST_BYTES_KEPT


@pytest.mark.parametrize("kind", ["PNG", "JPEG"])
def test_nothing_is_kept_but_the_picture(kind):
    told = PngImagePlugin.PngInfo()
    told.add_text("Comment", SECRET.decode())
    about = Image.Exif()
    about[0x010E] = SECRET.decode()
    options = {"pnginfo": told} if kind == "PNG" else {"exif": about}
    content = file_of(drawing(), kind, **options) + b"PK\x03\x04<script>alert(1)</script>"
    assert SECRET in content
    picture, image = kept(content)
    assert SECRET not in picture.content
    assert b"script" not in picture.content
    assert image.info == {}


def test_picture_that_is_told_to_be_turned_is_upright():
    turned = Image.Exif()
    turned[0x0112] = 6
    _, image = kept(file_of(drawing(size=(160, 400)), "JPEG", exif=turned))
    assert image.width > image.height


def test_same_picture_has_the_same_checksum():
    assert kept(file_of(drawing()))[0] == kept(file_of(drawing(), compress_level=0))[0]


@pytest.fixture(params=[False, True], autouse=True)
def pillow(request, monkeypatch):
    """As Pillow comes, and as WeasyPrint leaves it."""
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", request.param)


@pytest.mark.parametrize(
    ("content", "words"),
    {
        "nothing": (b"", "empty"),
        "text": (b"Our logo", "no picture that can be read"),
        "a drawing with a script": (b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>", "SVG"),
        "a drawing after its declaration": (b"\xef\xbb\xbf<?xml version='1.0'?><!DOCTYPE svg><svg/>", "SVG"),
        "a page": (b"<html><body>Logo</body></html>", "SVG"),
        "a GIF": (file_of(drawing("P"), "GIF"), "no picture that can be read"),
        "a TIFF": (file_of(drawing(), "TIFF"), "no picture that can be read"),
        "a PDF": (b"%PDF-1.7\n", "no picture that can be read"),
        "half a PNG": (file_of(drawing())[:200], "damaged"),
        "a PNG's first bytes": (b"\x89PNG\r\n\x1a\n", "no picture that can be read"),
        "half a JPEG": (file_of(drawing(), "JPEG")[:-400], "damaged"),
        "a bomb": (png_of_size(60_000, 60_000), "million pixels"),
        "a bomb that Pillow only warns of": (png_of_size(10_000, 9_500), "million pixels"),
        "a line of pixels": (png_of_size(1, 16_000_001), "million pixels"),
        "no size": (png_of_size(0, 0), ""),
        "one pixel": (file_of(drawing().crop((0, 0, 1, 1))), "too few"),
        "white": (file_of(Image.new("RGB", (400, 160), "white")), "one colour only"),
        "transparent": (file_of(Image.new("RGBA", (400, 160), (9, 9, 9, 0))), "transparent all over"),
        "too many bytes": (b"\0" * (MOST_BYTES + 1), "larger than 5 MB"),
    }.values(),
)
def test_what_is_no_logo_is_refused_in_words(content, words):
    assert words in refusal(content)


def test_damaged_files_are_refused_or_read_never_a_fault():
    chance, whole = (
        random.Random(2),  # noqa: S311
        [file_of(drawing(mode), kind) for mode, kind in [("RGBA", "PNG"), ("RGB", "JPEG")]],
    )
    whole.append(file_of(drawing(), "WEBP"))
    for _ in range(150):
        content = bytearray(chance.choice(whole))
        for _ in range(chance.randrange(1, 12)):
            content[chance.randrange(len(content))] = chance.randrange(256)
        try:
            picture = read_picture(BytesIO(bytes(content[: chance.randrange(20, len(content))])))
        except ValidationError:
            continue
        assert len(picture.content) <= MOST_BYTES_KEPT
