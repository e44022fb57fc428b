"""Mixed papers of two loans and of strangers: drawn, scanned, photographed, cut off, hostile, and some of them twice.

All of it follows from a number. What stands on each paper is known, and where it may be filed.
"""

import io
import zipfile
from collections.abc import Mapping, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field, replace
from multiprocessing import get_context
from pathlib import Path
from random import Random
from typing import Final

from PIL import Image

from benchmarks.faults.deals import AS_OF, case_of, deal_of
from benchmarks.recognition import conditions, typefaces
from benchmarks.recognition.paper import Paper, Value
from benchmarks.recognition.press import press
from benchmarks.recognition.samples import Seed, from_specimen
from benchmarks.recognition.seen import LAYOUTS as PRESSED
from carloan.demonstration import samples
from carloan.demonstration.specimens import LAYOUTS as DRAWN
from carloan.demonstration.specimens import render

# Files that somebody else made to break programs like ours, below the folder of shared data.
HOSTILE: Final = (
    "hostile/eicar.com.txt", "hostile/encrypted-test123.pdf", "hostile/image-bomb-400Mpx.png", "hostile/zip-dirs.zip",
    "hostile/email/broken.eml", "hostile/email/html.eml", "hostile/pdf/issue-100.pdf", "hostile/pdf/issue-120.pdf",
    "hostile/pdf/short-O-U.pdf", "hostile/pdf/15387.fuzz", "hostile/pdf/68915.fuzz", "hostile/pdf/bad14.pdf",
    "hostile/pdf/split-nntree-out.pdf", "hostile/pdf/weird-tokens.pdf", "hostile/pdf/reserved-objects.pdf",
)  # fmt: skip
SHARED: Final = Path(__file__).resolve().parents[3] / "shared" / "data"
# Their number, sex, plate or frame number proves whose they are; the others a person must be believed.
NAMING: Final = frozenset({"id_card_front", "driving_licence", "vehicle_licence", "vehicle_registration_certificate"})
CHEAP: Final = (("id_card_front", "driving_licence"), ("scan", "print-mild", "photo-mild"))
# Of a hundred: of the two loans, of strangers, damaged, hostile; the rest are files that come a second time.
SHARES: Final = {"own": 48, "strange": 14, "damaged": 10, "hostile": 15}
_STRANGERS: Final = 1000


@dataclass(frozen=True)
class Plan:
    """How one paper is made. `loan`: whose it is (0: of nobody the book knows); `place`: the loan it is put on."""

    kind: str
    layout: int
    condition: str
    number: int
    loan: int
    place: int = 0
    damage: str = ""


@dataclass(frozen=True)
class Sent:
    """One file as it is sent. `truth` is what stands on it; `home` the one loan whose dossier may hold it (0: none)."""

    name: str
    data: bytes = field(repr=False)
    kind: str = ""
    truth: Mapping[str, Value] = field(default_factory=dict)
    home: int = 0
    place: int = 0
    condition: str = ""


def mixed(count: int, *, seed: int = 1, cheap: bool = False) -> list[Sent]:
    """`count` files in any order. `cheap` draws only cards in easy conditions, in this very process."""
    random = Random(f"mixed|{seed}")
    numbers = {name: max(1, round(share * count / 100)) for name, share in SHARES.items()}
    plans = [_plan(random, number, number % 2 + 1, cheap=cheap) for number in range(numbers["own"])]
    plans += [_plan(random, 500 + number, 0, cheap=cheap) for number in range(numbers["strange"])]
    plans += [
        replace(_plan(random, 700 + number, number % 2 + 1, cheap=cheap), damage=("cut", "holes")[number % 2])
        for number in range(numbers["damaged"])
    ]
    sent = [_made(plan) for plan in plans] if cheap else _made_elsewhere(plans)
    sent += hostile(random, numbers["hostile"])
    known = [each for each in sent if each.truth and not each.condition.endswith(("cut", "holes"))]
    for number in range(count - len(sent)):
        again = random.choice(known)
        # Every third lands on the other loan: one card may belong to both, and what names a loan may not.
        place = 3 - again.place if again.place and number % 3 == 2 else again.place
        sent.append(replace(again, name=f"again-{number}-{again.name}", place=place))
    random.shuffle(sent)
    return sent


def _plan(random: Random, number: int, loan: int, *, cheap: bool) -> Plan:
    kinds, ways = CHEAP if cheap else ((*_OLD, *PRESSED), conditions.CONDITIONS)
    kind = kinds[number % len(kinds)] if cheap else random.choice(kinds)
    ways = tuple(way for way in ways if _comes(kind, way))
    layouts = len(PRESSED[kind]) if kind in PRESSED else DRAWN[kind]
    # A third is put on its loan, the others are dropped on the desk; what proves nothing is put where it belongs.
    put = loan and (number % 3 == 0 or kind not in NAMING)
    return Plan(kind, random.randrange(layouts), random.choice(ways), number, loan, loan if put else 0)


_OLD: Final = (
    "id_card_front", "id_card_back", "driving_licence", "vehicle_licence", "vehicle_sales_invoice", "vat_invoice",
    "bank_card",
)  # fmt: skip


def _comes(kind: str, way: str) -> bool:
    if way == "digital":
        return kind in PRESSED and kind not in ("vehicle_registration_certificate", "mortgage_contract")
    return not way.startswith("pair")


def _made_elsewhere(plans: Sequence[Plan]) -> list[Sent]:
    """In processes of their own: setting type wants its fonts known before anything else is loaded."""
    with ProcessPoolExecutor(2, mp_context=get_context("spawn"), initializer=typefaces.prepare) as pool:
        return list(pool.map(_made, plans))


def _made(plan: Plan) -> Sent:
    seed = Seed("seen", plan.kind, plan.layout, plan.condition, plan.number)
    paper = _paper(plan)
    shot = conditions.shoot_papers(seed, (paper,))
    suffix = {"application/pdf": "pdf", "image/jpeg": "jpg"}[shot.media]
    return Sent(
        f"{plan.number}-{plan.kind}-{plan.condition}.{suffix}", _damaged(shot.data, plan), plan.kind, shot.fields,
        plan.loan, plan.place, f"{plan.condition} {plan.damage}".strip(),
    )  # fmt: skip


def _paper(plan: Plan) -> Paper:
    """The paper as it is before anything happens to it: of one deal, whichever renderer draws it."""
    random = Random(f"mixed|{plan.number}")
    whose = plan.loan or _STRANGERS + plan.number
    deal = deal_of(whose)
    if plan.kind in PRESSED:
        case = replace(case_of(whose), contract_no=deal.contract_no)
        return press(PRESSED[plan.kind][plan.layout](case, random))
    return from_specimen(render(samples.papers_of(deal, random, as_of=AS_OF)[plan.kind], layout=plan.layout))


def _damaged(data: bytes, plan: Plan) -> bytes:
    """A download that broke off, or a file with holes in it."""
    if plan.damage == "cut":
        return data[: len(data) * 3 // 5]
    if plan.damage == "holes":
        broken, random = bytearray(data), Random(plan.number)
        for _ in range(40):
            broken[random.randrange(200, len(data))] ^= 0xFF
        return bytes(broken)
    return data


def blank(count: int) -> list[Sent]:
    """Small empty pages, each another one."""
    made = []
    for number in range(count):
        target = io.BytesIO()
        Image.new("RGB", (120, 90), (255, 255, number % 256)).save(target, "PNG")
        made.append(Sent(f"blank-{number}.png", target.getvalue() + number.to_bytes(2, "big"), condition="blank"))
    return made


def hostile(random: Random, count: int) -> list[Sent]:
    """Files that are no papers: of the shared data where it lies beside the checkout, and some made here."""
    there = [path for name in HOSTILE if (path := SHARED / name).exists()]
    made = {
        "page.jpg": b"<html><script>alert(1)</script></html>", "drawing.svg": b"<svg onload='x()'/>",
        "empty.pdf": b"", "noise.png": b"\x89PNG\r\n\x1a\n" + random.randbytes(4000),
        "above.zip": _zip({"../../above.png": b"x"}), "program.pdf": b"MZ" + random.randbytes(2000),
    }  # fmt: skip
    files = [(path.name, path.read_bytes()) for path in there] + list(made.items())
    random.shuffle(files)
    return [Sent(f"hostile-{name}", data, condition="hostile") for name, data in files[:count]]


def _zip(members: Mapping[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return target.getvalue()
