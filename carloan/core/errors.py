"""One tree of errors that people may see: a code for machines, a translated sentence that says what to do, a status."""

from typing import Any, ClassVar

from django.utils.translation import gettext_lazy as _


class AppError(Exception):
    """An act that was not done, with a reason for people. Middleware turns it into a page, a fragment or JSON.

    `data` are facts that the message names or a client needs (never personal data); `audited` errors leave a refusal
    in the trail, in a transaction of its own; `folded` ones too, at most once a minute for one person (bursts.py).
    """

    status: ClassVar[int] = 400
    code: ClassVar[str] = "bad_request"
    audited: ClassVar[bool] = False
    folded: ClassVar[bool] = False
    default: ClassVar[Any] = _("This request cannot be handled. Check it and try again.")
    # Seconds after which it is worth trying again, told as Retry-After.
    retry_after: int | None = None

    def __init__(
        self, message: Any = None, *, code: str | None = None, fields: dict[str, list[Any]] | None = None, **data: Any
    ) -> None:
        self.message = message or self.default
        self.error_code = code or self.code
        self.fields = fields or {}
        self.data = data
        # Stands beside "error" in a JSON answer: what was done nevertheless.
        self.details: dict[str, Any] = {}
        super().__init__(self.error_code)

    def __str__(self) -> str:
        return str(self.message)

    @property
    def sentences(self) -> list[Any]:
        """What people read of it: what is wrong with each field, or the sentence for the whole."""
        return [line for lines in self.fields.values() for line in lines] or [self.message]


class SignInRequired(AppError):
    status = 401
    code = "sign_in_required"
    default = _("Sign in to go on.")


class Forbidden(AppError):
    status = 403
    code = "forbidden"
    audited = True
    default = _("Your role does not allow this. Ask an administrator of your organisation if you need it.")


class ExamMissing(Forbidden):
    """The role allows it, and the right waits for a valid exam (gates.py)."""

    code = "exam_missing"

    def __init__(self, *, exam: str, **data: Any) -> None:
        words = _("Your role allows this once you hold a valid exam: %(exam)s. Ask whoever runs the training.")
        super().__init__(words % {"exam": exam}, exam=exam, **data)


class Unconfirmed(Forbidden):
    """A session asks for what needs a confirmation of who acts, and has none of the last minutes (stepup.py)."""

    code = "unconfirmed"
    default = _("Confirm who you are first: do this on its page, which asks for it.")


class NotFound(AppError):
    """Nothing here for this person: absent and somebody else's look the same."""

    status = 404
    code = "not_found"
    audited = True
    default = _("There is nothing here, or you may not see it.")


class NotThisWay(AppError):
    """An address that only takes what its own form sends."""

    status = 405
    code = "method_not_allowed"
    default = _("This address is not a page of its own. Go back and press the button there again.")


class TooSlow(AppError):
    """The body stopped coming, or came so slowly that it was not waited for (web_worker.py)."""

    status = 408
    code = "too_slow"
    default = _("The connection was too slow and what you sent did not arrive. Nothing was kept; send it again.")


class Conflict(AppError):
    """The thing changed meanwhile, or is in a state that does not allow the act."""

    status = 409
    code = "conflict"
    default = _("Somebody changed this meanwhile. Load the page again and repeat what you did.")


class Taken(Conflict):
    """Two did the same at once: the database let the first one in."""

    code = "taken"
    default = _("Somebody entered the same at this moment. Load the page again: it may be there already.")


class Shredded(Conflict):
    """The key of the thing was destroyed: reads show that it is gone, acts on it are refused."""

    code = "shredded"
    default = _("What was known here was destroyed for good. Nothing can be changed or opened any more.")


class Held(Conflict):
    """A legal hold is in force: nothing is changed, moved or destroyed until two people have released it."""

    code = "held"
    audited = True
    default = _("A legal hold is in force here: nothing may be changed, moved or destroyed until it is released.")


class SealedApart(Conflict):
    """The key of the thing stands under the lender's sealing key: two people open it together, for a while."""

    code = "sealed_apart"
    audited = True
    default = _(
        "These records are kept sealed apart, because their time of use is over. Who needs them asks for their "
        "opening on the page of the loan; a second person decides."
    )


class TooLarge(AppError):
    status = 413
    code = "too_large"
    default = _("This is too large.")


class Invalid(AppError):
    """The input is wrong; `fields` says which and why."""

    status = 422
    code = "invalid"
    default = _("Some of the input is not right. Nothing was changed.")


class TooMany(AppError):
    status = 429
    code = "too_many"
    audited = True
    default = _("Too many attempts. Wait a little and try again.")

    def __init__(self, message: Any = None, *, retry_after: int = 60, **more: Any) -> None:
        super().__init__(message, **more)
        self.retry_after = retry_after


class Unavailable(AppError):
    status = 503
    code = "unavailable"
    default = _("A part of the system does not answer right now. Nothing was lost; try again in a minute.")
