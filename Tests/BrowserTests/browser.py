"""A chromium that notes everything a page does wrong."""

import base64
import pathlib
import time

from selenium import webdriver
from selenium.common.exceptions import WebDriverException
from selenium.webdriver.common.by import By

AXE = next(pathlib.Path(__file__).resolve().parents[2].glob(
    ".build/browser-venv/lib/*/site-packages/axe_playwright_python/axe.min.js"))

# Runs in every page before its own script.
NOTE_VIOLATIONS = """
window.violations = [];
document.addEventListener("securitypolicyviolation",
  (event) => violations.push(`${event.violatedDirective}: ${event.blockedURI} ${event.sample}`));
window.shift = 0;
new PerformanceObserver((list) => list.getEntries().forEach((entry) => shift += entry.hadRecentInput ? 0 : entry.value))
  .observe({ type: "layout-shift", buffered: true });
"""

# Resolves when what has been laid out is on the screen.
PAINTED = "const done = arguments[0]; requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(done)))"


class Browser:
    def __init__(self, url, scripting=True):
        self.url = url
        self.findings = []
        self.window = (1440, 900)
        options = webdriver.ChromeOptions()
        options.binary_location = "/usr/bin/chromium"
        for argument in ["--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--hide-scrollbars",
                         "--force-prefers-reduced-motion"]:
            options.add_argument(argument)
        options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        self.driver = webdriver.Chrome(options, webdriver.ChromeService("/usr/bin/chromedriver"))
        self.driver.set_page_load_timeout(30)
        self.driver.execute_cdp_cmd("Emulation.setScriptExecutionDisabled", {"value": not scripting})
        self.driver.execute_cdp_cmd("Page.addScriptToEvaluateOnNewDocument", {"source": NOTE_VIOLATIONS})

    def close(self):
        self.driver.quit()

    # What somebody does

    def open(self, path, refused=False):
        self.driver.get(path if path.startswith("http") else self.url + path)
        self.note(refused)

    def open_for_the_first_time(self, path):
        """Opens a page with nothing of it kept; how many bytes came over the wire for it, without pictures."""
        self.driver.execute_cdp_cmd("Network.clearBrowserCache", {})
        self.open(path)
        return self.script("""
            return [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")]
              .filter((entry) => entry.initiatorType !== "img").reduce((sum, entry) => sum + entry.transferSize, 0)""")

    def stays_in_place(self, path):
        """Opens a page, and looks whether anything on it jumps while it is put together."""
        self.open(path)
        self.driver.execute_async_script(PAINTED)
        shift = self.script("return window.shift")
        if shift >= 0.02:
            self.findings.append(f"{path}: its layout shifts by {shift}")

    def find(self, selector):
        return self.wait(lambda: self.driver.find_element(By.CSS_SELECTOR, selector), selector)

    def has(self, selector):
        return bool(self.driver.find_elements(By.CSS_SELECTOR, selector))

    def text(self, selector):
        return self.wait(lambda: self.driver.find_element(By.CSS_SELECTOR, selector).text, selector)

    def fill(self, **fields):
        for name, value in fields.items():
            field = self.find(f"main form [name={name}]")
            field.clear()
            field.send_keys(value)

    def tick(self, name, value):
        self.find(f"main [name={name}][value='{value}']").find_element(By.XPATH, "./ancestor::label").click()

    def press(self, selector, refused=False):
        """Presses a button that leads to another page, and waits for that."""
        before = self.find("html")
        self.click(selector)
        self.wait(lambda: self.is_gone(before) and self.script("return document.readyState") == "complete", selector)
        self.note(refused)

    def click(self, selector):
        # A live page may put another in its place just now: then that one.
        self.wait(lambda: self.driver.find_element(By.CSS_SELECTOR, selector).click() or True, selector)

    def is_gone(self, element):
        try:
            return not element.is_enabled()
        except WebDriverException:
            return True

    def script(self, code, *arguments):
        return self.driver.execute_script(code, *arguments)

    def wait(self, look, what, seconds=60):
        """Looks again and again until there is something; chromium complains meanwhile when there is not."""
        deadline = time.monotonic() + seconds
        while True:
            try:
                if found := look():
                    return found
                problem = "nothing"
            except Exception as error:  # whatever is missing now may be there at the next look
                problem = str(error).partition("Stacktrace")[0]
            if time.monotonic() > deadline:
                raise AssertionError(f"Waited in vain for {what} on {self.driver.current_url}: {problem}\n"
                                     + self.script("return document.body.innerText"))
            time.sleep(0.1)

    # What is looked at

    def look(self, width, height, scheme):
        """The size of the window and the colours that the system asks for."""
        self.window = (width, height)
        self.resize(width, height)
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {
            "media": "", "features": [{"name": "prefers-color-scheme", "value": scheme}]})

    def look_on_paper(self):
        """A sheet of A4 with narrow margins."""
        self.look(720, 1040, "light")
        self.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})

    def resize(self, width, height):
        self.driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {
            "width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600})

    def screenshot(self, path):
        """The whole page, in a window that is as high."""
        width, height = self.window
        self.resize(width, max(height, self.script("return document.documentElement.scrollHeight")))
        picture = self.driver.execute_cdp_cmd("Page.captureScreenshot", {})
        self.resize(width, height)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(base64.b64decode(picture["data"]))

    def note(self, refused=False):
        """Collects what the console and the content security policy have to say of this page; but for a status that says
        why something was refused, where it should be."""
        where = self.driver.current_url.removeprefix(self.url)
        for entry in self.driver.get_log("browser"):
            if refused and "the server responded with a status of 4" in entry["message"]:
                continue
            if entry["level"] in ("SEVERE", "WARNING"):
                self.findings.append(f"{where}: console: {entry['message']}")
        for violation in self.script("return window.violations ?? []"):
            self.findings.append(f"{where}: content security policy: {violation}")

    def examine(self, name):
        """Has axe look for what keeps people from using the page, and looks whether it fits into the window."""
        self.script(AXE.read_text())
        result = self.driver.execute_async_script("axe.run().then(arguments[arguments.length - 1])")
        for finding in result["violations"]:
            places = "; ".join(" ".join(map(str, node["target"])) + " " + node["html"] for node in finding["nodes"])
            self.findings.append(f"{name}: axe: {finding['id']}: {finding['help']}: {places}")
        self.measure(name)

    def measure(self, name):
        """Looks whether the page fits into the window."""
        overflow = self.script(
            "return document.documentElement.scrollWidth - document.documentElement.clientWidth")
        if overflow > 0:
            widest = self.script("""
                const right = document.documentElement.clientWidth;
                const inside = (each) => each.getBoundingClientRect().right <= right + 1;
                return [...document.querySelectorAll("main *")]
                  .filter((each) => !inside(each) && [...each.children].every(inside))
                  .map((each) => each.outerHTML.slice(0, 120)).join(" … ")""")
            self.findings.append(f"{name}: {overflow} pixels wider than the window: {widest}")
