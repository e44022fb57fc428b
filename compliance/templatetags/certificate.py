"""Words of a certificate, in both of its languages at once: `{% both "title" %}`, `{{ pair|in_both }}`."""

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString

from carloan.compliance.certificate_words import CERTIFICATE_WORDS
from carloan.compliance.selectors.certificate_body import both as in_languages

register = template.Library()


@register.simple_tag
def both(code: str) -> SafeString:
    """Raises KeyError for a word that nobody wrote: half a certificate must not leave."""
    return in_both(in_languages(CERTIFICATE_WORDS[code]))


@register.filter
def in_both(pair: Mapping[str, str]) -> SafeString:
    if pair["zh"] == pair["en"]:
        return format_html("{}", pair["zh"])
    return format_html('<span lang="zh-Hans">{}</span> <span lang="en">{}</span>', pair["zh"], pair["en"])


@register.filter
def local(moment: str, zone: str) -> str:
    """A moment of a certificate as people of the lender read it."""
    return f"{datetime.fromisoformat(moment).astimezone(ZoneInfo(zone)):%Y-%m-%d %H:%M:%S}"


@register.filter
def called(named: Iterable[Mapping[str, Any]], code: str) -> SafeString:
    """What a certificate calls a record class or a unit."""
    return next((in_both(each["name"]) for each in named if each["code"] == code), format_html("{}", code))
