"""Kinds of messages: for which purpose each is sent, what its words may hold, and the words that ship with it."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from django.utils.translation import gettext_lazy as _

LANGUAGES: Final = ("zh-hans", "en")
CHANNELS: Final = ("sms", "email")


@dataclass(frozen=True, slots=True)
class Words:
    body: str
    subject: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class MessageKind:
    """`purpose` is one of the consent register's; a registered guard decides about it too (guards.py).

    `variables` with what each means; `required` must stand in the words, `secret` open a door and are in no log.
    `asked_for`: the person asked for it this moment, so that no hour is too late. `words` by channel and language.
    """

    code: str
    label: Any
    purpose: str
    variables: Mapping[str, Any]
    required: Sequence[str]
    secret: Sequence[str] = ()
    asked_for: bool = False
    words: Mapping[tuple[str, str], Words] = field(default_factory=dict)


_kinds: dict[str, MessageKind] = {}


def register_kind(kind: MessageKind) -> None:
    if _kinds.setdefault(kind.code, kind) is not kind:
        raise ValueError(f"the kind of message {kind.code} is registered twice")


def kind_of(code: str) -> MessageKind:
    return _kinds[code]


def find_kind(code: str) -> MessageKind | None:
    return _kinds.get(code)


def kinds() -> list[MessageKind]:
    return list(_kinds.values())


PAPERS_LINK: Final = "papers.link"
DOOR_CODE: Final = "door.code"
_LENDER = {"lender": _("the lender's name")}

register_kind(
    MessageKind(
        code=PAPERS_LINK,
        label=_("Link for sending papers"),
        purpose="service",
        variables={**_LENDER, "link": _("the link"), "until": _("day until which the link is valid")},
        required=("link",),
        secret=("link",),
        words={
            ("sms", "zh-hans"): Words(
                "{lender}请您补充贷款材料，{until}前点击 {link} 拍照上传。工作人员不会向您索要验证码。"
            ),
            ("sms", "en"): Words("{lender} needs papers for your loan. Photograph and send them by {until}: {link}"),
            ("email", "zh-hans"): Words(
                "您好：\n\n{lender}请您补充贷款材料。请在{until}前用手机打开以下链接，按提示拍照上传：\n\n{link}\n\n"
                "打开后需要输入验证码。工作人员不会向您索要验证码，请勿将链接转发给他人。",
                "请补充贷款材料",
            ),
            ("email", "en"): Words(
                "Good day,\n\n{lender} needs papers for your loan. Open this link on your phone by {until} and "
                "photograph them:\n\n{link}\n\nYou will be asked for a code. Nobody of ours asks you for that code; do "
                "not pass the link on.",
                "Papers for your loan",
            ),
        },
    )
)
register_kind(
    MessageKind(
        code=DOOR_CODE,
        label=_("Code for a link"),
        purpose="service",
        variables={**_LENDER, "code": _("the code"), "minutes": _("minutes for which the code is valid")},
        required=("code",),
        secret=("code",),
        asked_for=True,
        words={
            ("sms", "zh-hans"): Words("验证码 {code}，{minutes}分钟内有效，用于{lender}材料上传。请勿告知他人。"),
            ("sms", "en"): Words("{code} is your code for {lender}, valid for {minutes} minutes. Tell it to nobody."),
            ("email", "zh-hans"): Words(
                "验证码：{code}\n\n{minutes}分钟内有效，用于{lender}材料上传。请勿告知他人。", "验证码"
            ),
            ("email", "en"): Words(
                "Your code: {code}\n\nIt is valid for {minutes} minutes, for {lender}. Tell it to nobody.", "Your code"
            ),
        },
    )
)
