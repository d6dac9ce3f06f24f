"""Text as people paste it, brought into one form: what looks alike is stored alike, what nobody sees is not stored.

Pure. Letters, accents, smart quotes, dashes and emoji stay. Doing it twice changes nothing more.
"""

from __future__ import annotations

import re
import unicodedata

# Word's bullets: at the beginning of a line, a symbol of the fonts Symbol or Wingdings, which it numbers from U+F000.
_BULLET_AT_START = re.compile("^([ \t]*)[\uf020-\uf0ff]", re.MULTILINE)
# What such a symbol means by itself, at the beginning of a line too: ticks, crosses, arrows and faces of Wingdings.
_WINGDINGS = dict(
    zip(
        "\uf04a\uf04b\uf04c\uf0fc\uf0fb\uf0fd\uf0fe\uf0df\uf0e0\uf0e1\uf0e2\uf0e8",
        "☺😐☹✓✗☒☑←→↑↓→",
        strict=True,
    )
)
# Within a line: bullets, then mathematics and Greek of Symbol (Unicode's own table, VENDORS/ADOBE/symbol.txt).
_SYMBOLS = {
    **dict.fromkeys("\uf0a7\uf0a8\uf0b7\uf0d8", "•"),
    **dict(
        zip(
            "\uf02b\uf02d\uf03c\uf03d\uf03e\uf0a3\uf0b3\uf0b1\uf0b4\uf0b8\uf0b9\uf0bb\uf0b0\uf0a5\uf0ac\uf0ad\uf0ae\uf0af"
            "\uf0a2\uf0b2\uf0bc\uf0e5\uf0d6\uf0de",
            "+−<=>≤≥±×÷≠≈°∞←↑→↓\u2032″…∑√⇒",
            strict=True,
        )
    ),
    **dict(
        zip(
            (chr(0xF000 + ord(letter)) for letter in "ABCDEFGHIKLMNOPQRSTUWXYZabcdefghiklmnopqrstuwxyz"),
            "ΑΒΧΔΕΦΓΗΙΚΛΜΝΟΠΘΡΣΤΥΩΞΨΖαβχδεφγηικλμνοπθρστυωξψζ",
            strict=True,
        )
    ),
}


def _windows(code: int) -> str:
    """What Windows means by a byte that Latin-1 has a control character for; nothing where it means nothing either."""
    return bytes([code]).decode("cp1252", errors="ignore")


_LINE_ENDS = dict.fromkeys("\v\f\u2028\u2029", "\n")
# Joined letters as PDFs have them: no search for “figure” finds “ﬁgure”.
_LIGATURES = dict(zip("ﬀﬁﬂﬃﬄﬅﬆ", ("ff", "fi", "fl", "ffi", "ffl", "st", "st"), strict=True))
_TABLE = str.maketrans(
    {
        # Control characters; those between DEL and the no-break space are letters of Windows, read wrongly.
        **{chr(code): "" for code in (*range(0x09), *range(0x0E, 0x20), 0x7F)},
        **{chr(code): _windows(code) for code in range(0x80, 0xA0)},
        # Hyphens of Word: one that doesn't break, as Word keeps it and as Unicode does; and one that shows only there.
        "\x1e": "-",
        "\u2010": "-",
        "\u2011": "-",
        # Spaces of any width, for nobody sees which it was.
        **{chr(code): " " for code in (0xA0, 0x1680, *range(0x2000, 0x200B), 0x202F, 0x205F, 0x3000)},
        # Without width: soft hyphens, places to break or not to, marks of direction, fillers, pasted pictures.
        **dict.fromkeys("\xad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f\u3164\ufeff\uffa0\ufffc", ""),
        **{chr(code): "" for code in (*range(0x202A, 0x202F), *range(0x2060, 0x2070), *range(0xFFF9, 0xFFFC))},
        # A half of a character is a lost one.
        **{chr(code): "\ufffd" for code in range(0xD800, 0xE000)},
        # No characters at all.
        **{chr(code): "" for code in range(0xFDD0, 0xFDF0)},
        **{chr(plane * 0x10000 + end): "" for plane in range(17) for end in (0xFFFE, 0xFFFF)},
        **_LINE_ENDS,
        **_LIGATURES,
    }
)
_MEANINGS = str.maketrans({**_SYMBOLS, **_WINGDINGS})
# Invisible copies of ASCII, with which text can be hidden; what they are for is to say which country's a flag is.
_TAGS = re.compile("(\U0001f3f4[\U000e0030-\U000e0039\U000e0061-\U000e007a]{3,6}\U000e007f)|[\U000e0000-\U000e0fff]")
# What says how the character before is to be drawn, but for that of an emoji.
_VARIANTS = re.compile(
    "(?<![0-9#*©®‼⁉™\u2139\u2190-\u2bff\u3030\u303d\u3297\u3299\U0001f000-\U0001faff])[\ufe0e\ufe0f]|[\ufe00-\ufe0d]"
)
# Zero-width joiners, but for those between letters of scripts that join (Arabic to Myanmar, Mongolian) and in emoji.
_JOINING = "[\u0600-\u109f\u1800-\u18af]"
_JOINERS = re.compile(
    f"(?<={_JOINING})[\u200c\u200d](?={_JOINING})"
    "|(?<=[\u2190-\u2bff\ufe0f\U0001f000-\U0001faff])\u200d(?=[\u2190-\u2bff\U0001f000-\U0001faff])"
    "|([\u200c\u200d])"
)
_TABS = re.compile("(?<! ) *+\t[ \t]*+")
_ENDS_OF_LINES = re.compile("(?<! ) ++$", re.MULTILINE)
# What most texts are made of; there is then nothing to do but at the ends.
_USUAL = re.compile("(?: *+[!-~\xa1-\xac\xae-\u017f‘’“”–—…•€]++|\n)*+[ \n]*+")


def plain_text(text: str) -> str:
    """A text of one or more lines in the one form in which texts are stored and compared; "" where nothing is seen.

    Ends of lines are one character; nothing stands at the end of a line, before the text or after it. Accents are part
    of their letters (NFC). Bullets and symbols pasted from Word become characters that every font has; what is of no
    known meaning stays, for `scorecard.display.fonts` to point out, as does U+FFFD, where a letter was lost.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    while not _USUAL.fullmatch(text):
        before, text = text, _one_form(text)
        # Once more, for what went may have stood between accents that belong together.
        if text == before:
            break
    return _ENDS_OF_LINES.sub("", text).strip()


def _one_form(text: str) -> str:
    text = _VARIANTS.sub("", _TAGS.sub(lambda found: found[1] or "", text.translate(_TABLE)))
    text = _JOINERS.sub(lambda found: "" if found[1] else found[0], text)
    text = _BULLET_AT_START.sub(lambda found: f"{found[1]}{_WINGDINGS.get(found[0][-1], '•')}", text)
    return unicodedata.normalize("NFC", _TABS.sub(" ", text.translate(_MEANINGS)))


def plain_line(text: str) -> str:
    """The same for what is one line, such as a title or a name: ends of lines are spaces there, and one is enough."""
    return " ".join(plain_text(text).split())
