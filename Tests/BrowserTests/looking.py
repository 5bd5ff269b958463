"""What is looked at in each state of each page, and where the pictures of it go."""

from world import ROOT

SCREENSHOTS = ROOT / ".build/screenshots"
LOOKS = [(width, height, scheme) for width, height in [(390, 844), (1440, 900)] for scheme in ["light", "dark"]]


def examine(browser, name, only=LOOKS):
    for width, height, scheme in only:
        browser.look(width, height, scheme)
        look = f"{name}-{'phone' if width < 600 else 'desk'}-{scheme}"
        browser.examine(look)
        browser.screenshot(SCREENSHOTS / f"{look}.png")
    for width, height in [(320, 568), (3840, 2160)]:
        browser.look(width, height, "light")
        browser.measure(f"{name}, {width} pixels wide")
    browser.look_on_paper()
    browser.measure(f"{name}, on paper")
    browser.look(1440, 900, "light")


def path(browser):
    return browser.driver.current_url.removeprefix(browser.url)


def status(browser):
    # In one go: the page may be brought up to date at any moment.
    badge = browser.script("return document.querySelector('.title-head .status').className")
    return next(name.removeprefix("status-") for name in badge.split() if name.startswith("status-"))
