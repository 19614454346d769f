#!/usr/bin/env python3
"""Cuts the fonts of the timeline picture out of Noto, into assets/fonts.

    pip install fonttools
    scripts/subset-fonts.py NotoSans-Regular.ttf NotoSansCJK-Regular.ttc

The first is in Debian's `fonts-noto-core`, the second in `fonts-noto-cjk`; both are under the SIL Open Font License.
Three files come out, each under a name of its own, since a cut font is a changed one:

    latin.ttf      Latin with its extensions, Greek, Cyrillic, punctuation
    cjk.otf        Han in the forms of mainland China (all of GB 2312, the first levels of Big5 and JIS X 0208), kana,
                   Hangul (KS X 1001), the marks that go with them
    japanese.otf   of the first level of JIS X 0208 what Japan writes otherwise
"""

import sys
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTCollection, TTFont

TARGET = Path(__file__).resolve().parent.parent / "assets" / "fonts"

LATIN = [
    (0x20, 0x7E), (0xA0, 0x17F), (0x180, 0x24F), (0x2B0, 0x2FF), (0x300, 0x36F), (0x370, 0x3FF), (0x400, 0x52F),
    (0x1E00, 0x1EFF), (0x2010, 0x2027), (0x2030, 0x205E), (0x2070, 0x209F), (0x20A0, 0x20BF), (0x2100, 0x214F),
]  # fmt: skip
# General marks, arrows, boxes and circles, CJK marks, kana, Bopomofo, full-width forms.
MARKS = [
    (0x20, 0x7E), (0x2010, 0x2027), (0x2030, 0x203B), (0x2190, 0x21FF), (0x2200, 0x22FF), (0x2460, 0x24FF),
    (0x2500, 0x25FF), (0x2600, 0x266F), (0x3000, 0x303F), (0x3041, 0x30FF), (0x3105, 0x312F), (0x3131, 0x318E),
    (0x31F0, 0x31FF), (0x3200, 0x33FF), (0xFF01, 0xFFEE),
]  # fmt: skip


def spread(ranges):
    return {point for first, last in ranges for point in range(first, last + 1)}


def encoded(codec, first, last):
    """What two bytes can say in `codec`, the first of them in a range."""
    points = set()
    for lead in range(first, last + 1):
        for trail in range(0x40, 0xFF):
            try:
                text = bytes([lead, trail]).decode(codec)
            except UnicodeDecodeError:
                continue
            if len(text) == 1:
                points.add(ord(text))
    return points


def cut(font, points, name, file):
    options = subset.Options()
    options.layout_features = []  # widths then add up as measured
    options.hinting = False
    options.glyph_names = False
    options.notdef_outline = True
    options.name_IDs = []
    options.drop_tables += ["BASE", "vhea", "vmtx", "VORG", "GSUB", "GPOS", "GDEF", "STAT", "DSIG", "MATH", "meta"]
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=points)
    cutter.subset(font)
    license = "This Font Software is licensed under the SIL Open Font License, Version 1.1."
    for id, text in [(1, name), (2, "Regular"), (4, name), (6, name.replace(" ", "")), (13, license)]:
        font["name"].setName(text, id, 3, 1, 0x409)
    if "CFF " in font:
        font["CFF "].cff.fontNames = [name.replace(" ", "")]
    path = TARGET / file
    font.save(path)
    print(f"{file}: {path.stat().st_size} bytes, {len(font.getGlyphOrder())} glyphs")


def face(collection, family):
    return next(f for f in TTCollection(collection, lazy=True).fonts if f["name"].getDebugName(1) == family)


def main():
    latin, cjk = sys.argv[1:]
    TARGET.mkdir(parents=True, exist_ok=True)
    cut(TTFont(latin), spread(LATIN), "Timeline Latin", "latin.ttf")

    chinese, japanese = face(cjk, "Noto Sans CJK SC"), face(cjk, "Noto Sans CJK JP")
    ours, theirs = chinese.getBestCmap(), japanese.getBestCmap()
    kanji = encoded("euc_jp", 0xB0, 0xCF)
    han = encoded("gb2312", 0xB0, 0xF7) | encoded("big5", 0xA4, 0xC6) | kanji
    hangul = encoded("euc_kr", 0xB0, 0xC8)
    other = {point for point in kanji | spread([(0x3000, 0x303F)]) if ours.get(point) != theirs.get(point)}
    cut(chinese, spread(MARKS) | han | hangul, "Timeline CJK", "cjk.otf")
    cut(japanese, other, "Timeline Japanese", "japanese.otf")


main()
