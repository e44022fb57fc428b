"""Pages that remember what went wrong in them."""

import json
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page

from .site import PASSWORD, ROOT, Site

AXE = ROOT / "frontend" / "node_modules" / "axe-core" / "axe.min.js"
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
LAPTOP = {"width": 1280, "height": 800}
DESK = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}


@dataclass
class Visitor:
    """One person's browser window; errors of console, script and content policy are collected in `problems`."""

    site: Site
    context: BrowserContext
    page: Page
    problems: list[str] = field(default_factory=list)
    expected_status: set[int] = field(default_factory=set)

    def open(self, path: str, *, status: int = 200) -> None:
        """A page of the lender, or with // one outside it."""
        self.expected_status.add(status)
        response = self.page.goto(
            f"{self.site.url}{path[1:]}" if path.startswith("//") else self.site.at(path.format(**self.site.ids))
        )
        assert response is not None
        assert response.status == status, f"{response.url} answered {response.status}"

    def wear(self, theme: str) -> None:
        """Another theme at once, painted before anybody measures it."""
        self.page.evaluate("theme => { document.documentElement.dataset.bsTheme = theme }", theme)
        self.settle()

    def settle(self) -> None:
        """Two frames: what was changed is laid out and painted."""
        self.page.evaluate("() => new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done)))")

    def speak(self, language: str) -> None:
        """The language of the next pages."""
        self.context.add_cookies([{"name": "django_language", "value": language, "url": self.site.url}])

    def axe(self) -> list[str]:
        """Every violation as `rule: where (what)`."""
        self.page.evaluate(AXE.read_text())
        found = self.page.evaluate("tags => axe.run(document, {runOnly: {type: 'tag', values: tags}})", TAGS)
        return [
            f"{violation['id']}: {' '.join(node['target'])} ({node['failureSummary'][:200]})"
            for violation in found["violations"]
            for node in violation["nodes"]
        ]

    def overflow(self) -> list[str]:
        """What sticks out sideways: nothing may, at any width."""
        self.settle()
        wide = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"
        if self.page.evaluate(wide) <= 0:
            return []
        found: list[str] = self.page.evaluate(
            """() => [...document.querySelectorAll('body *')]
            .filter(each => each.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
            .map(each => each.tagName + '.' + each.className).slice(0, 8)"""
        )
        return found or ["the page"]

    def spilled(self) -> list[str]:
        """Tables wider than their place that cannot be scrolled: they would lie over what stands beside them."""
        self.settle()
        found: list[str] = self.page.evaluate(
            """() => [...document.querySelectorAll('.table-wrap')]
            .filter(each => each.scrollWidth > each.clientWidth + 1 && getComputedStyle(each).overflowX === 'visible')
            .map(each => `${each.getAttribute('aria-label')} by ${each.scrollWidth - each.clientWidth}`)"""
        )
        return found

    def missing_icons(self) -> list[str]:
        """Icons that the sprite does not have: a wrong name leaves a hole without any error."""
        sprite: str = self.page.evaluate(
            """async () => {
                const use = document.querySelector('use');
                return use ? (await fetch(use.getAttribute('href').split('#')[0])).text() : '';
            }"""
        )
        known = set(re.findall(r'symbol id="([^"]+)"', sprite))
        used: list[str] = self.page.evaluate(
            "() => [...document.querySelectorAll('use')].map(each => each.getAttribute('href').split('#')[1])"
        )
        return sorted(set(used) - known)

    def note(self, message: ConsoleMessage) -> None:
        status = re.search(r"status of (\d+)", message.text)
        if message.type == "error" and not (status and int(status.group(1)) in self.expected_status):
            self.problems.append(f"console: {message.text} ({message.location.get('url', '')})")


def visit(
    browser: Browser,
    site: Site,
    *,
    theme: str = "light",
    language: str = "zh-hans",
    viewport: dict[str, int] | None = None,
    **options: Any,
) -> Visitor:
    # Reduced motion: a transition half way would be measured as a wrong contrast.
    context = browser.new_context(
        viewport=viewport or DESK,  # type: ignore[arg-type]
        locale="zh-CN",
        reduced_motion="reduce",
        **options,
    )
    context.add_cookies([{"name": "theme", "value": theme, "url": site.url}])
    page = context.new_page()
    visitor = Visitor(site, context, page)
    visitor.speak(language)
    page.on("console", visitor.note)
    page.on("pageerror", lambda error: visitor.problems.append(f"script: {error}"))
    context.add_init_script(
        """document.addEventListener('securitypolicyviolation', event =>
            console.error('policy: ' + event.violatedDirective + ' ' + event.blockedURI))"""
    )
    return visitor


def sign_in(visitor: Visitor, username: str, password: str = PASSWORD) -> None:
    """Through the form, as a person does."""
    visitor.open("//accounts/login/")
    visitor.page.locator("#id_login").fill(username)
    visitor.page.locator("#id_password").fill(password)
    visitor.page.locator("form[action='/accounts/login/'] button[type=submit]").click()
    visitor.page.wait_for_url(re.compile(r"/(t/|lenders/|accounts/2fa/|accounts/password/change/)"))


def save_state(context: BrowserContext, path: Path) -> Path:
    path.write_text(json.dumps(context.storage_state()))
    return path
