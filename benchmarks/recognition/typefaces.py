"""Typefaces of the papers. Debian's own packages, unpacked beside the state, so that a desktop stays as it was.

`python -m benchmarks.recognition fonts` fetches them once through apt. Without them everything is set in the Chinese
typeface of the set-up, which is easier to read than an office's: a report says which ones were missing.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Final

# Family name -> the Debian package it comes from. Each split has typefaces of its own.
SEEN: Final = {
    "WenQuanYi Zen Hei": "fonts-wqy-zenhei",
    "AR PL SungtiL GB": "fonts-arphic-gbsn00lp",
    "AR PL KaitiM GB": "fonts-arphic-gkai00mp",
    "AR PL UMing CN": "fonts-arphic-uming",
}
FORMER: Final = {
    "Noto Serif CJK SC": "fonts-noto-cjk",
    "Noto Sans CJK SC": "fonts-noto-cjk",
    "LXGW WenKai": "fonts-lxgw-wenkai",
    "WenQuanYi Micro Hei": "fonts-wqy-microhei",
}
# Western figures stand beside Chinese letters; the last three are second languages of official papers.
SECOND: Final = {
    "BabelStone Han": "fonts-babelstone-han",
    "Droid Sans Fallback": "fonts-droid-fallback",
    "AR PL UKai CN": "fonts-arphic-ukai",
    "TW-Kai": "fonts-cns11643-kai",
    "WenQuanYi Micro Hei": "fonts-wqy-microhei",
    "Liberation Sans": "fonts-liberation",
    "Noto Sans CJK KR": "fonts-noto-cjk",
    "UKIJ Tuz": "fonts-ukij-uyghur",
    "Monlam Uni OuChan2": "fonts-monlam",
}
# The weights of Noto and of LXGW WenKai are ones that no other split sets; figures may come from GNU FreeFont.
THIRD: Final = {
    "HanaMinA": "fonts-hanazono",
    "Noto Serif CJK SC Light": "fonts-noto-cjk-extra",
    "Noto Serif CJK SC Medium": "fonts-noto-cjk-extra",
    "Noto Serif CJK SC SemiBold": "fonts-noto-cjk-extra",
    "Noto Sans CJK SC DemiLight": "fonts-noto-cjk-extra",
    "Noto Sans CJK SC Medium": "fonts-noto-cjk-extra",
    "Noto Sans Mono CJK SC": "fonts-noto-cjk",
    "Smiley Sans": "fonts-smiley-sans",
    "LXGW WenKai Light": "fonts-lxgw-wenkai",
    "LXGW WenKai Mono Light": "fonts-lxgw-wenkai",
    "FreeSerif": "fonts-freefont-ttf",
    "FreeMono": "fonts-freefont-ttf",
}
# What offices print with: Fandol's Song, Hei, Kai and Fang, western figures of the metrics of Times, Arial and Calibri,
# the figures of cards, and the dots of a matrix printer.
UNSEEN: Final = {
    "FandolSong": "texlive-lang-chinese",
    "FandolHei": "texlive-lang-chinese",
    "FandolKai": "texlive-lang-chinese",
    "FandolFang R": "texlive-lang-chinese",
    "Noto Sans CJK SC Light": "fonts-noto-cjk-extra",
    "Noto Serif CJK SC ExtraLight": "fonts-noto-cjk-extra",
    "Unifont": "fonts-unifont",
    "OCR B": "fonts-ocr-b",
    "Tinos": "fonts-croscore",
    "Arimo": "fonts-croscore",
    "Cousine": "fonts-croscore",
    "Carlito": "fonts-crosextra-carlito",
}
# They say that they are of regular weight, and would be taken for it.
_MISTAKABLE: Final = ("FandolSong-Bold.otf", "FandolHei-Bold.otf")
_PACKAGES: Final = frozenset({*SEEN.values(), *FORMER.values(), *SECOND.values(), *THIRD.values(), *UNSEEN.values()})
FOLDER: Final = Path(os.environ.get("CARLOAN_TYPEFACES") or Path.home() / ".cache" / "carloan" / "typefaces")


def fetch() -> None:
    """Download and unpack every package that is not there yet. Raises CalledProcessError when apt cannot."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    apt, dpkg = shutil.which("apt-get"), shutil.which("dpkg-deb")
    if apt is None or dpkg is None:
        raise FileNotFoundError("apt-get and dpkg-deb are needed to fetch the typefaces")
    for package in sorted(_PACKAGES):
        if list(FOLDER.glob(f"{package}/**/*.[ot]t[cf]")):
            continue
        with tempfile.TemporaryDirectory() as there:
            subprocess.run([apt, "-qq", "download", package], cwd=there, check=True)
            for archive in Path(there).glob("*.deb"):
                subprocess.run([dpkg, "-x", str(archive), str(FOLDER / package)], check=True)
        for file in _MISTAKABLE:
            for mistakable in (FOLDER / package).glob(f"**/{file}"):
                mistakable.unlink()


def prepare() -> None:
    """Make fontconfig see the folder. To be called before WeasyPrint is imported."""
    if "weasyprint" in sys.modules:
        return
    FOLDER.mkdir(parents=True, exist_ok=True)
    config = FOLDER / "fonts.conf"
    text = (
        '<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig>'
        f'<include ignore_missing="yes">/etc/fonts/fonts.conf</include><dir>{FOLDER}</dir>'
        f"<cachedir>{FOLDER}/cache</cachedir></fontconfig>"
    )
    if not config.exists() or config.read_text() != text:
        config.write_text(text)
    os.environ["FONTCONFIG_FILE"] = str(config)


def missing() -> list[str]:
    """The packages that are not installed and not fetched."""
    wanted = _PACKAGES - {"fonts-wqy-zenhei"}
    return sorted(package for package in wanted if not list(FOLDER.glob(f"{package}/**/*.[ot]t[cf]")))
