"""One run in a real browser: set up, ask, choose, watch the bar move by itself, complete; then every main page is
looked at on a phone and on a desk, in light and in dark."""

import shutil
import sys

from selenium.webdriver.common.keys import Keys

from browser import Browser
from world import ROOT, World

SCREENSHOTS = ROOT / ".build/screenshots"
PASSWORD = "correct horse battery staple"
MOVIE = "The.Long.Tide.2023.1080p.WEB-DL.x264-HARBOR"
LOOKS = [(width, height, scheme) for width, height in [(390, 844), (1440, 900)] for scheme in ["light", "dark"]]


def set_up(browser, world):
    browser.open(f"/setup?token={world.token}")
    examine(browser, "setup")
    browser.fill(name="Anna", password=PASSWORD)
    browser.press("main form button")
    browser.open("/admin/indexers/new")
    browser.fill(name="Harbour", url=world.indexer, key=world.key)
    browser.press("button[formaction='/admin/indexers/tests']")
    assert browser.has(".notice-success"), browser.text("main")
    browser.fill(key=world.key)
    browser.press("main form[action='/admin/indexers'] .button-primary")
    assert "Harbour" in browser.text("main")


def ask_for_movie(browser, title, year):
    browser.open("/requests/new?kind=movie")
    browser.fill(title=title, year=year)
    browser.press("main form[action='/requests'] .button-primary")
    return path(browser)


def path(browser):
    return browser.driver.current_url.removeprefix(browser.url)


def status(browser):
    badge = browser.find(".title-head .status").get_attribute("class")
    return next(name.removeprefix("status-") for name in badge.split() if name.startswith("status-"))


def choose(browser, release):
    """Chooses what the search has found; the page shows it without being asked to."""
    browser.press(f"button[aria-label='Choose {release}']")


def watch(browser, world):
    """The page is opened once and then only watched: it comes to FOUND, the bar moves, it comes to COMPLETED."""
    request = ask_for_movie(browser, "The Long Tide", "2023")
    browser.wait(lambda: status(browser) == "FOUND", "FOUND without a reload")
    examine(browser, "found")
    world.limit("250K")
    choose(browser, MOVIE)
    browser.script("window.untouched = true")
    seen = []

    def has_moved():
        value = browser.script("return document.querySelector('.transfer progress')?.value")
        if value and (not seen or value != seen[-1]):
            seen.append(value)
        return len(seen) >= 3

    browser.wait(has_moved, "the bar to move")
    assert seen == sorted(seen), f"the bar went back: {seen}"
    examine(browser, "downloading")
    # The screenshots take a while: it may be complete by now, but has not to be.
    world.limit("0")
    browser.wait(lambda: status(browser) == "COMPLETED", "COMPLETED without a reload")
    assert browser.script("return window.untouched"), "the page was loaded again"
    browser.note()
    files = browser.wait(lambda: list((world.downloads / "Movies/The Long Tide (2023)").rglob("*.*")), "the file")
    assert files[0].stat().st_size == 3_000_000
    return request


def fill_the_house(browser):
    """Something of everything, so that pages show what they show in a house that lives."""
    copper = ask_for_movie(browser, "Copper Sky", "2020")
    browser.wait(lambda: status(browser) == "FOUND", "FOUND")
    ask_for_movie(browser, "Nobody Has This", "2011")
    browser.open("/requests/new/show/301")
    examine(browser, "pick")
    browser.tick("scope", "ongoing")
    browser.press("main form[action='/requests'] .button-primary")
    show = path(browser)
    choose(browser, "The.Lighthouse.Keepers.S01.1080p.WEB-DL.x264-HARBOR")
    browser.wait(lambda: "4 of 4 here" in browser.text("main"), "season 1")
    return copper, show


def find_while_typing(browser):
    """The slash leads to the search box, the arrow into what it finds, Enter to the form with all of it filled in."""
    browser.open("/admin/settings")
    browser.tick("source", "cinemeta")
    browser.press("main form .button-primary")
    browser.open("/")
    browser.find("body").send_keys("/")
    browser.driver.switch_to.active_element.send_keys("light")
    browser.wait(lambda: "The Paper Lighthouse" in browser.text("#suggestions"), "a movie among the suggestions")
    show = browser.find("#suggestions .hit:has(.status)")
    assert "The Lighthouse Keepers" in show.text and "for Anna" in show.text, show.text
    examine(browser, "suggestions")
    field = browser.find("[data-search]")
    field.clear()
    field.send_keys("paper lighthouse 2024")
    browser.wait(lambda: browser.script(
        "return document.querySelectorAll('#suggestions .hit').length") == 1, "one suggestion")
    field.send_keys(Keys.ARROW_DOWN)
    before = browser.find("html")
    browser.driver.switch_to.active_element.send_keys(Keys.ENTER)
    browser.wait(lambda: browser.is_gone(before) and browser.has("main [name=title]"), "the form")
    browser.note()
    assert browser.find("main [name=title]").get_attribute("value") == "The Paper Lighthouse"
    poster = "return document.querySelector('.about img')?.naturalWidth"
    browser.wait(lambda: browser.script(poster), "the poster")
    examine(browser, "form")


def cancel(browser, request):
    """With scripting there is a question before what cannot be undone."""
    browser.open(request)
    browser.click(f"form[action='{request}/cancellation'] button")
    examine(browser, "question", only=[LOOKS[0]])
    browser.press("dialog .button-danger")
    assert status(browser) == "CANCELLED"


def examine(browser, name, only=LOOKS):
    for width, height, scheme in only:
        browser.look(width, height, scheme)
        look = f"{name}-{'phone' if width < 600 else 'desk'}-{scheme}"
        browser.examine(look)
        browser.screenshot(SCREENSHOTS / f"{look}.png")
    browser.look(1440, 900, "light")


def main():
    shutil.rmtree(SCREENSHOTS, ignore_errors=True)
    with World() as world:
        browser = Browser(world.url)
        try:
            set_up(browser, world)
            movie = watch(browser, world)
            copper, show = fill_the_house(browser)
            find_while_typing(browser)
            pages = {
                "home": "/", "list": "/requests", "new": "/requests/new", "new-movie": "/requests/new?kind=movie",
                "new-game": "/requests/new?kind=game", "search": "/search?q=light", "complete": movie, "show": show,
                "expiry": "/admin/expiry", "indexers": "/admin/indexers", "people": "/admin/accounts",
                "rules": "/admin/rules",
                "backups": "/admin/backups", "settings": "/admin/settings", "account": "/account",
                "notices": "/notices",
            }
            for name, address in pages.items():
                browser.open(address)
                examine(browser, name)
            cancel(browser, copper)
        except BaseException:
            browser.screenshot(SCREENSHOTS / "failure.png")
            raise
        finally:
            browser.close()
    for finding in browser.findings:
        print(finding, file=sys.stderr)
    print(f"Browser: {len(browser.findings)} findings; screenshots in {SCREENSHOTS.relative_to(ROOT)}")
    sys.exit(1 if browser.findings else 0)


if __name__ == "__main__":
    main()
