"""Which template pack a loan takes, how versions, waivers and closings move, and what an item may say."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

from carloan.archives.policies.checklist import STAGES, Of
from carloan.archives.policies.conditions import PARTIES, PRODUCTS, Condition, Facts, condition_problems
from carloan.core.moves import Move, Moves
from carloan.lib.problems import Problem

VERSION_MOVES: Final = Moves(
    Move("draft", "publish", "published"),
    Move("published", "retire", "retired"),
    refusal=_("A published version of a template pack stands. Changes are a new version."),
)
WAIVER_MOVES: Final = Moves(
    Move("asked", "approve", "approved"),
    Move("asked", "refuse", "refused"),
    refusal=_("This waiver is decided already."),
)
CLOSING_MOVES: Final = Moves(
    Move("closed", "ask", "asked"),
    Move("asked", "reopen", "reopened"),
    Move("asked", "refuse", "closed"),
    refusal=_("This stage is not closed in a way that allows this step."),
)

# How a product is told by the words that lenders use for it; the first that is found counts. Where no word says it, the
# condition of the car does.
PRODUCT_WORDS: Final = (
    ("lease", ("租赁", "直租", "回租", "租购", "lease")),
    ("used_car", ("二手", "used")),
    ("new_car", ("新车", "新能源", "new")),
    ("car_pledge", ("车抵", "抵押贷", "押证", "pledge", "title loan")),
)
CAR_PRODUCTS: Final = {"new": "new_car", "used": "used_car"}
MOST_ITEMS: Final = 80
MOST_COUNT: Final = 20
MOST_MONTHS: Final = 120
# By what an item's papers end: never, on the day printed on them, or so many months after a day.
NEVER, PRINTED, ISSUED, FILED = "", "printed", "issued", "filed"
EXPIRIES: Final = {
    NEVER: _("does not expire"),
    PRINTED: _("on the day printed on the paper"),
    ISSUED: _("months after the paper was issued"),
    FILED: _("months after the paper was filed"),
}
CONFIDENTIALITY: Final = {"basic": _("Basic"), "internal": _("Internal"), "confidential": _("Confidential")}
OF: Final = {
    Of.LOAN: _("the loan"),
    Of.BORROWER: _("the borrower"),
    Of.CO_BORROWER: _("each co-borrower"),
    Of.GUARANTOR: _("each guarantor"),
    Of.OWNER: _("each owner of the car"),
}


@dataclass(frozen=True, slots=True)
class Offer:
    """A published version and for which loans its pack is: without products or party for any."""

    version_id: Any
    products: frozenset[str]
    party: str

    def fits(self, facts: Facts) -> bool:
        """Whether it is for a loan of which this is known; what is not known fits nothing but what is for any."""
        product, party = facts.get("product"), facts.get("borrower")
        return (not self.products or product in self.products) and (not self.party or party == self.party)

    @property
    def rank(self) -> tuple[bool, int]:
        """The narrower one goes first: for one kind of borrower before any, for few products before many."""
        return (not self.party, len(self.products) or len(PRODUCTS) + 1)


def chosen(offers: Iterable[Offer], facts: Facts) -> Offer | None:
    """The pack that a loan takes: the narrowest that fits; of two alike the one that is offered first."""
    return min((offer for offer in offers if offer.fits(facts)), key=lambda offer: offer.rank, default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class ItemDraft:
    """What a draft says of one paper; `condition` without alternatives asks for it of every loan of the pack."""

    key: str
    name: str
    stage: str
    name_en: str = ""
    kinds: tuple[str, ...] = ()
    of: str = Of.LOAN
    required: bool = True
    condition: Condition = field(default_factory=Condition)
    count: int = 1
    expires: str = NEVER
    months: int | None = None
    confidentiality: str = "internal"
    urgent: bool = False
    important: bool = False
    original: bool = False


def item_problems(item: ItemDraft, *, kinds: Sequence[str]) -> list[Problem]:
    """Everything that keeps an item from being saved, by the name of its field."""
    found = []
    if not item.name.strip():
        found.append(Problem("name", _("Give the paper a name.")))
    if item.stage not in STAGES:
        found.append(Problem("stage", _("Choose the stage that asks for it.")))
    if item.of not in OF:
        found.append(Problem("of", _("Choose whose paper it is.")))
    if not set(item.kinds) <= set(kinds) - {"other"}:
        found.append(Problem("kinds", _("Choose kinds of paper that can be recognised.")))
    if not 1 <= item.count <= MOST_COUNT:
        found.append(Problem("count", _("From one to twenty papers.")))
    if item.expires not in EXPIRIES:
        found.append(Problem("expires", _("Choose by what the paper expires.")))
    elif (item.months is not None) != (item.expires in (ISSUED, FILED)):
        found.append(Problem("months", _("Give the months for a paper that expires by months, and only for that.")))
    elif item.months is not None and not 1 <= item.months <= MOST_MONTHS:
        found.append(Problem("months", _("From one month to ten years.")))
    if item.confidentiality not in CONFIDENTIALITY:
        found.append(Problem("confidentiality", _("Choose who may know of it.")))
    asks_holder = any(one.fact == "holder" for asked in item.condition.alternatives for one in asked)
    if asks_holder and item.of == Of.LOAN:
        found.append(Problem("condition", _("Whose paper it is can be asked of a person's paper only.")))
    found += [Problem("condition", problem.message) for problem in condition_problems(item.condition)]
    return found


def pack_problems(products: Iterable[str], party: str) -> list[Problem]:
    """What is wrong with the loans that a pack says it is for."""
    found = []
    if not set(products) <= set(PRODUCTS):
        found.append(Problem("products", _("Choose products of the list.")))
    if party and party not in PARTIES:
        found.append(Problem("party", _("Choose who borrows.")))
    return found
