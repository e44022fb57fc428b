"""What a password must be, in words of ours."""

from functools import cached_property
from typing import Any

from django.contrib.auth.password_validation import CommonPasswordValidator, MinimumLengthValidator
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from carloan.core.selectors_passwords import names_around
from carloan.lib.guessable import WORDS, folded, held, holds_run, holds_time, parts_of


class LongEnough(MinimumLengthValidator):
    """Django's own, whose sentence was changed there without its Chinese."""

    def get_error_message(self) -> str:
        return (
            ngettext(
                "This password is too short. It must contain at least %d character.",
                "This password is too short. It must contain at least %d characters.",
                self.min_length,
            )
            % self.min_length
        )


class NotCommon(CommonPasswordValidator):
    """Django's list of 20,000, compared without the swaps of letters by which people mean to hide them."""

    @cached_property
    def folded_list(self) -> frozenset[str]:
        return frozenset(map(folded, self.passwords))

    def validate(self, password: str, user: Any = None) -> None:
        super().validate(password, user)
        if folded(password) in self.folded_list:
            raise ValidationError(self.get_error_message(), code="password_too_common")


class NotGuessable:
    """Nothing that somebody who knows the person, the house or the trade would try first (ASVS 5.0, 6.1.2, 6.2.11)."""

    def validate(self, password: str, user: Any = None) -> None:
        wrong = []
        if user is not None and (word := held(password, parts_of(names_around(user)))):
            words = _("This password holds “%(word)s”, a name of yours or of your lender. Leave it out.")
            wrong.append(ValidationError(words % {"word": word}, code="password_own_word"))
        if word := held(password, WORDS):
            words = _("This password holds “%(word)s”, which anybody would try here. Leave it out.")
            wrong.append(ValidationError(words % {"word": word}, code="password_trade_word"))
        if holds_time(password):
            words = _("This password holds a year, a date or a season with a number. Leave it out.")
            wrong.append(ValidationError(words, code="password_time"))
        if holds_run(password):
            words = _("This password holds a run such as 1234, qwer or aaaa. Put something else there.")
            wrong.append(ValidationError(words, code="password_run"))
        if wrong:
            raise ValidationError(wrong)

    def get_help_text(self) -> str:
        return _(
            "No name of yours or of your lender, no word of the trade, no year, no run of keys. "
            "Three or four words that do not belong together are easy to keep and hard to guess."
        )
