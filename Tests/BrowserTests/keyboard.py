"""The keyboard alone: each stop of the Tab key can be seen, and nothing of a page is out of its reach."""

from selenium.webdriver.common.action_chains import ActionChains
from selenium.webdriver.common.keys import Keys

from looking import path, status

# Where the focus is: whether it is shown there, and not under something else (WCAG 2.2, 2.4.7 and 2.4.11).
STOP = """
const stop = document.activeElement;
if (!stop || stop === document.body) return null;
const marked = [stop, stop.closest(".request-card, .choice, .search")].filter(Boolean)
  .some((each) => getComputedStyle(each).outlineStyle !== "none" || getComputedStyle(each).boxShadow !== "none");
const label = (stop.getAttribute("aria-label") || stop.labels?.[0]?.textContent || stop.textContent || stop.name).trim();
// A link that fills its card is seen as the card; of what runs over several lines, the first.
const box = (stop.closest("h3") ?? stop.closest("label") ?? stop).getClientRects()[0];
const [x, y] = [box.left + box.width / 2, box.top + box.height / 2];
const top = document.elementFromPoint(x, y);
const free = stop.type === "file" || (top && (top.contains(stop) || stop.contains(top)
  || top.closest("h3, label, summary") === stop.closest("h3, label, summary")));
return { label: `${stop.tagName.toLowerCase()} “${label.slice(0, 40)}”`, marked, free,
         id: stop.dataset.walked ??= String(Math.random()) };
"""

REACHABLE = """
return [...document.querySelectorAll("a[href], button, input:not([type=hidden]), select, textarea, summary")]
  .filter((each) => each.checkVisibility({ visibilityProperty: true }) && !each.disabled && each.tabIndex >= 0
    && !each.closest("dialog:not([open])") && !each.dataset.walked
    // Of radio buttons one is a stop, and the arrows lead to the others.
    && !(each.type === "radio" && document.querySelector(`input[name="${each.name}"][data-walked]`)))
  .map((each) => each.outerHTML.slice(0, 100))
"""


def press(browser, *keys):
    ActionChains(browser.driver).send_keys(*keys).perform()


def walk(browser, name, address):
    """Goes through a page with the Tab key, from its beginning to its end."""
    browser.open(address)
    # A field may have the focus from the beginning.
    browser.script("document.querySelector('a').focus()")
    press(browser, Keys.TAB)
    ActionChains(browser.driver).key_down(Keys.SHIFT).send_keys(Keys.TAB).key_up(Keys.SHIFT).perform()
    for _ in range(400):
        stop = browser.script(STOP)
        if stop is None:
            break
        if not stop["marked"]:
            browser.findings.append(f"{name}: the focus cannot be seen on {stop['label']}")
        if not stop["free"]:
            browser.findings.append(f"{name}: something lies over the focus on {stop['label']}")
        press(browser, Keys.TAB)
    for missed in browser.script(REACHABLE):
        browser.findings.append(f"{name}: the Tab key does not lead to {missed}")


def tab_to(browser, selector):
    """Presses Tab until this has the focus."""
    for _ in range(200):
        press(browser, Keys.TAB)
        if browser.script("return document.activeElement.matches(arguments[0])", selector):
            return
    raise AssertionError(f"The Tab key does not lead to {selector} on {path(browser)}")


def ask_and_choose(browser):
    """Found, asked for, chosen and cancelled without a pointer."""
    browser.open("/")
    press(browser, "/")
    press(browser, "paper kites")
    press(browser, Keys.ENTER)
    browser.wait(lambda: path(browser).startswith("/search"), "the search page")
    tab_to(browser, "main a[href*='kind=movie&title=']")
    press(browser, Keys.ENTER)
    browser.wait(lambda: browser.has("dialog.sheet[open]"), "the form over the page")
    tab_to(browser, "dialog [name=year]")
    press(browser, "2016")
    tab_to(browser, "dialog [name=quality][value='1080p']")
    press(browser, Keys.SPACE)
    tab_to(browser, "dialog .button-primary")
    press(browser, Keys.ENTER)
    browser.wait(lambda: path(browser).startswith("/requests/") and status(browser) == "FOUND", "what was found")
    tab_to(browser, "button[aria-label^='Choose ']")
    press(browser, Keys.ENTER)
    browser.wait(lambda: status(browser) in ("DOWNLOADING", "COMPLETED"), "the download")
    browser.note()

