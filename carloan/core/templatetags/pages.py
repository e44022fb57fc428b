"""Tags that every page uses: icons, the repeated title, form controls, numbers as people write them."""

from typing import Any

from django import forms, template
from django.core.exceptions import ImproperlyConfigured
from django.forms.boundfield import BoundField
from django.template import Context, Node, TemplateSyntaxError
from django.template.base import Parser, Token
from django.template.loader_tags import BLOCK_CONTEXT_KEY
from django.templatetags.static import static
from django.urls import get_script_prefix, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString

from carloan.core.acts import act_label

register = template.Library()
register.filter("act_label", act_label)


@register.simple_tag
def icon(name: str, classes: str = "") -> SafeString:
    """`{% icon "search" %}`: a named icon of the sprite. It is decoration: the words beside it carry the meaning."""
    return format_html(
        '<svg class="icon{}" aria-hidden="true" focusable="false"><use href="{}#{}"></use></svg>',
        f" {classes}" if classes else "",
        static("dist/icons.svg"),
        name,
    )


@register.simple_tag
def way_in(request: Any) -> str:
    """The door of the lender's own identity provider for a sign-in page, '' where there is none."""
    from carloan.core.pages.sign_on import way_in as found  # noqa: PLC0415 - the page's module reads the URLs

    return found(request)


class SameBlock(Node):
    """Renders a block of the page a second time, so that title and heading cannot differ."""

    def __init__(self, name: str) -> None:
        self.name = name

    def render(self, context: Context) -> SafeString:
        blocks = context.render_context.get(BLOCK_CONTEXT_KEY)
        block = blocks.get_block(self.name) if blocks else None
        if block is None:
            raise ImproperlyConfigured(f"no block {self.name} to repeat")
        rendered: SafeString = block.nodelist.render(context)
        return rendered


@register.tag
def same_block(parser: Parser, token: Token) -> SameBlock:
    try:
        _, name = token.split_contents()
    except ValueError as error:
        raise TemplateSyntaxError("same_block takes the name of one block") from error
    return SameBlock(name.strip("\"'"))


@register.filter
def widget(field: BoundField) -> SafeString:
    """The control of a form field with the kit's class for its kind."""
    kind = field.field.widget
    css = "form-control"
    if isinstance(kind, forms.CheckboxInput):
        css = "form-check-input"
    elif isinstance(kind, forms.RadioSelect | forms.CheckboxSelectMultiple):
        css = ""
    elif isinstance(kind, forms.Select):
        css = "form-select"
    own = kind.attrs.get("class", "")
    attributes: dict[str, Any] = {"class": f"{css} {own}".strip()} if css or own else {}
    if field.errors and css:
        attributes["class"] += " is-invalid"
    if kind.attrs.get("placeholder") == field.label:
        # It says nothing that the label does not, and looks as if the field were filled in.
        attributes["placeholder"] = False
    return field.as_widget(attrs=attributes)


@register.filter
def is_checkbox(field: BoundField) -> bool:
    return isinstance(field.field.widget, forms.CheckboxInput)


@register.filter
def is_choices(field: BoundField) -> bool:
    return isinstance(field.field.widget, forms.RadioSelect | forms.CheckboxSelectMultiple)


@register.filter
def is_long(field: BoundField) -> bool:
    """Text of several lines takes the whole width of a form."""
    return isinstance(field.field.widget, forms.Textarea)


@register.filter
def percent(done: int, total: int) -> int:
    """Whole percent, 0 while the total is unknown."""
    return min(100, done * 100 // total) if total else 0


@register.filter
def grouped(value: int | None) -> str:
    """12345 -> 12,345; Django's zh-Hans format has no thousands separator."""
    return "" if value is None else f"{value:,}"


@register.simple_tag(takes_context=True)
def query(context: dict[str, Any], **changes: Any) -> str:
    """The page's query string with some values changed (None removes one): `href="?{% query tab='due' %}"`."""
    parameters = context["request"].GET.copy()
    for name, value in changes.items():
        if value is None:
            parameters.pop(name, None)
        else:
            parameters[name] = str(value)
    encoded: str = parameters.urlencode()
    return encoded


@register.simple_tag
def site_url(name: str, *arguments: Any) -> str:
    """The address of a page that belongs to no tenant (sign-in, profile, chooser), also from inside a tenant's page."""
    return f"/{reverse(name, args=arguments).removeprefix(get_script_prefix())}"


BROWSERS = (
    ("MicroMessenger", "WeChat"),
    ("Edg", "Edge"),
    ("Firefox", "Firefox"),
    ("Chrome", "Chrome"),
    ("Safari", "Safari"),
)
SYSTEMS = (
    ("Android", "Android"),
    ("iPhone", "iPhone"),
    ("iPad", "iPad"),
    ("HarmonyOS", "HarmonyOS"),
    ("Windows", "Windows"),
    ("Mac OS", "macOS"),
    ("Linux", "Linux"),
)


@register.filter
def browser(user_agent: str) -> str:
    """`Chrome, Windows` of a browser's long name for itself; its beginning where it is none we know."""
    found = [next((name for mark, name in known if mark in user_agent), "") for known in (BROWSERS, SYSTEMS)]
    return ", ".join(word for word in found if word) or user_agent[:40]
