"""A window of headless Chromium as the tests use it: visits, sizes, keys, what it logged."""

from __future__ import annotations

import base64
import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from selenium import webdriver
from selenium.common.exceptions import StaleElementReferenceException, TimeoutException
from selenium.webdriver.chrome.service import Service
from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.support.wait import WebDriverWait

CHROMIUM = Path("/usr/bin/chromium")
CHROMEDRIVER = Path("/usr/bin/chromedriver")
FOLDER = Path(__file__).parent
SCREENSHOTS = FOLDER / "screenshots"
AXE = FOLDER / "node_modules" / "axe-core" / "axe.min.js"

_ARGUMENTS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
_SECONDS = 15.0


def start_chromium(profile: Path) -> webdriver.Chrome:
    """A browser that keeps a log of its console and of its requests."""
    options = webdriver.ChromeOptions()
    options.binary_location = str(CHROMIUM)
    for argument in (*_ARGUMENTS, f"--user-data-dir={profile}"):
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    return webdriver.Chrome(options=options, service=Service(str(CHROMEDRIVER)))


class Window:
    """What a test sees and does."""

    def __init__(self, driver: webdriver.Chrome) -> None:
        """
        Attributes:
            address: of the service that `visit` goes to.
            expected: parts of console messages that a test provokes.
        """
        self.driver = driver
        self.address = ""
        self.expected: list[str] = []
        self._origins: set[str] = set()
        self._scripts: list[str] = []
        self._media = {"media": "", "prefers-color-scheme": "light"}

    def begin(self) -> None:
        """As for somebody who has never been here, on an office screen by day."""
        self.driver.get("about:blank")
        self.take_logs()
        self.expected = []
        self._origins = set()
        self._media = {"media": "", "prefers-color-scheme": "light"}
        self.emulate()
        self.size(1366, 850)

    def end(self) -> None:
        """Forget what the page kept, so that the next test begins anew."""
        for identifier in self._scripts:
            self.command("Page.removeScriptToEvaluateOnNewDocument", identifier=identifier)
        self._scripts = []
        self.offline(False)
        for origin in self._origins:
            self.command("Storage.clearDataForOrigin", origin=origin, storageTypes="all")
        self.driver.delete_all_cookies()
        self.command("Network.clearBrowserCookies")

    # What it shows.

    def visit(self, path: str = "/") -> None:
        self._origins.add(self.address)
        self.driver.get(f"{self.address}{path}")

    def size(self, width: int, height: int) -> None:
        """In CSS pixels; a narrow one behaves as a phone does."""
        self.command(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=width < 600,
        )

    def phone(self) -> None:
        self.size(360, 740)

    def emulate(self, *, dark: bool | None = None, printed: bool | None = None) -> None:
        if dark is not None:
            self._media["prefers-color-scheme"] = "dark" if dark else "light"
        if printed is not None:
            self._media["media"] = "print" if printed else ""
        scheme = {"name": "prefers-color-scheme", "value": self._media["prefers-color-scheme"]}
        self.command("Emulation.setEmulatedMedia", media=self._media["media"], features=[scheme])

    def offline(self, is_offline: bool) -> None:
        """Without a network, until it is said otherwise or the test ends."""
        speed = {"latency": 0, "downloadThroughput": -1, "uploadThroughput": -1}
        self.command("Network.enable")
        self.command("Network.emulateNetworkConditions", offline=is_offline, **speed)

    def before_pages(self, script: str) -> None:
        """Run a script before those of every page that is visited from now on."""
        added = self.command("Page.addScriptToEvaluateOnNewDocument", source=script)
        self._scripts.append(added["identifier"])

    def command(self, name: str, **parameters: Any) -> Any:
        return self.driver.execute_cdp_cmd(name, parameters)

    def script(self, script: str, *arguments: Any) -> Any:
        return self.driver.execute_script(script, *arguments)

    def module(self, name: str, body: str, *arguments: Any) -> Any:
        """What a function body returns that has the module's exports as `it`."""
        whole = (
            "const given = [...arguments]; const done = given.pop();"
            f"import('/static/{name}').then(async (it) => {{ {body} }})"
            ".then(done, (error) => done('failed: ' + error));"
        )
        return self.driver.execute_async_script(whole, *arguments)

    def screenshot(self, name: str) -> None:
        """For people to look at: the whole page, or the window where an article is open.

        Beyond the window the page is laid out anew, and an open article loses its place.
        """
        SCREENSHOTS.mkdir(exist_ok=True)
        if self.script("return document.documentElement.matches('.reading')"):
            self.driver.save_screenshot(str(SCREENSHOTS / f"{name}.png"))
            return
        size = self.command("Page.getLayoutMetrics")["cssContentSize"]
        clip = {"x": 0, "y": 0, "width": size["width"], "height": size["height"], "scale": 1}
        taken = self.command("Page.captureScreenshot", captureBeyondViewport=True, clip=clip)
        (SCREENSHOTS / f"{name}.png").write_bytes(base64.b64decode(taken["data"]))

    # What is on the page.

    def find(self, css: str) -> WebElement:
        """The first that is there, or comes."""
        self.until(lambda: bool(self.all(css)), f"no {css}")
        return self.all(css)[0]

    def all(self, css: str) -> list[WebElement]:
        return self.driver.find_elements(By.CSS_SELECTOR, css)

    def button(self, label: str, within: str = "body") -> WebElement:
        """The visible button whose words begin so."""

        def those() -> list[WebElement]:
            found = self.all(f"{within} button, {within} a, {within} summary")
            return [one for one in found if one.text.startswith(label) and one.is_displayed()]

        self.until(lambda: bool(those()), f"no button “{label}”")
        return those()[0]

    def text(self, css: str) -> str:
        """As it stands in the document, whatever is scrolled or hidden."""
        found: str = self.script("return arguments[0].textContent", self.find(css))
        return found

    def is_shown(self, css: str) -> bool:
        return any(one.is_displayed() for one in self.all(css))

    def until(self, condition: Callable[[], bool], otherwise: str) -> None:
        """Wait for a condition; what it looked at may go meanwhile, as a page does that reloads."""
        waiting = WebDriverWait(
            self.driver,
            _SECONDS,
            poll_frequency=0.05,
            ignored_exceptions=[StaleElementReferenceException],
        )
        try:
            waiting.until(lambda _: condition())
        except TimeoutException:
            raise AssertionError(otherwise) from None

    # What one does.

    def ask(self, question: str) -> None:
        """Type a question, and wait for the whole answer."""
        before = len(self.all(".turn"))
        self.find("#question").send_keys(question + Keys.ENTER)
        self.answered(before + 1)

    def answered(self, turns: int) -> None:
        self.until(
            lambda: len(self.all('.turn[aria-busy="false"]')) == turns, f"not {turns} answers"
        )

    def open_citation(self, index: int = 0) -> None:
        """Press a chip of the newest answer, and wait for the article."""
        self.all(".turn:first-child .chip")[index].click()
        self.find("#article .article-text")

    def keys(self, *keys: str) -> None:
        ActionChains(self.driver).send_keys(*keys).perform()

    def new_line(self) -> None:
        """Shift + Enter."""
        ActionChains(self.driver).key_down(Keys.SHIFT).send_keys(Keys.ENTER).key_up(
            Keys.SHIFT
        ).perform()

    def tab_to(self, css: str, most: int = 40) -> None:
        """With the Tab key alone."""
        for _ in range(most):
            if self.script("return document.activeElement.matches(arguments[0])", css):
                return
            self.keys(Keys.TAB)
        raise AssertionError(f"{most} times Tab do not lead to {css}")

    def has_focus(self, css: str) -> bool:
        return bool(self.script("return document.activeElement.matches(arguments[0])", css))

    # What it must not have.

    def barriers(self) -> list[str]:
        """What axe-core finds wrong, with the elements."""
        assert AXE.exists(), "axe-core is missing: run `npm ci` in tests/browser"
        self.script(AXE.read_text(encoding="utf-8"))
        found = self.driver.execute_async_script(
            "axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa',"
            " 'best-practice']}).then(arguments[0])"
        )
        return [
            f"{one['id']}: {node['html'][:200]} {node['failureSummary']}"
            for one in found["violations"]
            for node in one["nodes"]
        ]

    def take_logs(self) -> tuple[list[str], list[str]]:
        """Messages of the console, and addresses that were requested, since the last time."""
        driver: Any = self.driver
        console = [entry["message"] for entry in driver.get_log("browser")]
        requests = []
        for entry in driver.get_log("performance"):
            message = json.loads(entry["message"])["message"]
            if message["method"] == "Network.requestWillBeSent":
                requests.append(str(message["params"]["request"]["url"]))
        return console, requests

    def complaints(self) -> list[str]:
        """Console messages that the test did not provoke, and requests to anybody else."""
        console, requests = self.take_logs()
        own = (*self._origins, "data:", "about:", "blob:", "chrome:")
        return [
            *(one for one in console if not any(part in one for part in self.expected)),
            *(f"request to {one}" for one in requests if not one.startswith(own)),
        ]


def has_chromium() -> bool:
    return CHROMIUM.exists() and CHROMEDRIVER.exists() and shutil.which("chromium") is not None
