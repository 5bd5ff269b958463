"""One run in a real browser: set up, ask, choose, watch the bar move by itself, complete; then every main page is
looked at on a phone and on a desk, in light and in dark; then some of it with keys alone, and without scripting."""

import re
import shutil
import sys
import urllib.request

from selenium.webdriver.common.keys import Keys

from browser import Browser
from household import keep_house, live_together
from keyboard import ask_and_choose, walk
from looking import LOOKS, SCREENSHOTS, examine, path, status
from world import ROOT, World

PASSWORD = "correct horse battery staple"
MOVIE = "The.Long.Tide.2023.1080p.WEB-DL.x264-HARBOR"


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


def end_badly(browser, world):
    """What fails for good, and what nobody looks for any more."""
    broken = ask_for_movie(browser, "Broken Bell", "2015")
    browser.wait(lambda: status(browser) == "FOUND", "FOUND")
    choose(browser, "Broken.Bell.2015.1080p.WEB-DL.x264-HARBOR")
    browser.wait(lambda: status(browser) == "FAILED", "FAILED without a reload")
    examine(browser, "failed")
    forgotten = ask_for_movie(browser, "Forgotten Shore", "1999")
    browser.wait(lambda: "Nothing was offered" in browser.text("main"), "what came of the search")
    world.forget(forgotten)
    browser.wait(lambda: status(browser) == "EXPIRED", "EXPIRED without a reload")
    examine(browser, "expired")
    # Each of them is asked for again with one button, and taken back.
    for request in [broken, forgotten]:
        browser.open(request)
        browser.press(f"form[action='{request}/searches'] button")
        browser.wait(lambda: status(browser) in ("PENDING", "FOUND"), "the search")
        browser.open(request)
        browser.click(f"form[action='{request}/cancellation'] button")
        browser.press("dialog .button-danger")


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
    browser.driver.switch_to.active_element.send_keys(Keys.ENTER)
    browser.wait(lambda: browser.has("dialog.sheet[open] [name=title]"), "the form over the page")
    assert browser.find("dialog.sheet [name=title]").get_attribute("value") == "The Paper Lighthouse"
    examine(browser, "sheet")
    browser.driver.switch_to.active_element.send_keys(Keys.ESCAPE)
    browser.wait(lambda: not browser.has("dialog.sheet"), "the page under it")
    assert browser.driver.switch_to.active_element == browser.find("[data-search]"), "the search field has the focus"
    browser.open("/search?q=paper+lighthouse+2024")
    link = browser.find("main .hit h3 a")
    address = link.get_attribute("href")
    link.click()
    browser.wait(lambda: browser.has("dialog.sheet[open]"), "the form again")
    assert browser.driver.current_url == address, "the sheet has its own address"
    browser.click("dialog.sheet .sheet-close")
    browser.wait(lambda: path(browser).startswith("/search"), "the address of the page")
    assert browser.driver.switch_to.active_element == link, "what led there has the focus"
    link.send_keys(Keys.ENTER)
    browser.wait(lambda: browser.has("dialog.sheet[open]"), "the form a third time")
    browser.driver.back()
    browser.wait(lambda: not browser.has("dialog.sheet") and path(browser).startswith("/search"), "the page by Back")
    browser.driver.forward()
    browser.wait(lambda: browser.has("main [name=title]"), "the form as a page by Forward")
    browser.driver.back()
    browser.wait(lambda: browser.has("main .hit h3 a"), "what was found, by Back from a page that was loaded")
    browser.find("main .hit h3 a").click()
    year = browser.wait(lambda: browser.driver.find_element("css selector", "dialog.sheet [name=year]"), "the sheet")
    year.clear()
    year.send_keys("1066")
    browser.click("dialog.sheet .form-end .button-primary")
    browser.wait(lambda: browser.has("dialog.sheet #year-error"), "what is wrong, in the sheet")
    assert browser.driver.switch_to.active_element.get_attribute("name") == "year", "the focus is where it is wrong"
    browser.driver.get_log("browser")  # chromium notes each answer that refuses something
    examine(browser, "sheet-refused", only=LOOKS[:1])
    year = browser.find("dialog.sheet [name=year]")
    year.clear()
    year.send_keys("2024")
    browser.click("dialog.sheet .form-end .button-primary")
    browser.wait(lambda: path(browser).startswith("/requests/") and status(browser), "the request")
    assert "Asked for" in browser.text(".flash"), "what was done is said"
    browser.note()
    browser.driver.back()
    browser.wait(lambda: path(browser).startswith("/search"), "Back from the request leads to where it was asked for")
    browser.driver.forward()
    browser.wait(lambda: path(browser).startswith("/requests/") and status(browser), "the request again")
    browser.click(f"form[action='{path(browser)}/cancellation'] button")
    browser.press("dialog .button-danger")
    browser.open(address)
    poster = "return document.querySelector('.about img')?.naturalWidth"
    browser.wait(lambda: browser.script(poster), "the poster")
    examine(browser, "form")
    browser.open("/requests/new/show/301")
    assert "an episode, by 2 releases seen of it" in browser.text(".estimate"), browser.text(".estimate")
    browser.tick("season", "2")
    browser.wait(lambda: "for 4 episodes" in browser.text(".estimate"), "how big the season is")
    browser.note()


def be_told(browser):
    """Two ways, one of them a mailbox that waits for its code; what goes where is ticked with the keyboard alone."""
    browser.open("/account/notices/new?kind=ntfy")
    browser.fill(name="Hall", address="http://127.0.0.1:1", target="usher")
    browser.press("main form[action='/account/notices'] .button-primary")
    browser.open("/admin/mail")
    browser.fill(host="localhost", port="1", sender="usher@house.example")
    browser.tick("security", "none")
    browser.press("main form[action='/admin/mail'] .button-primary")
    browser.open("/account/notices/new?kind=email")
    browser.fill(name="A mailbox with a long name", address="anna@house.example")
    browser.press("main form[action='/account/notices'] .button-primary")
    assert "could not be sent to anna@house.example" in browser.text("body"), browser.text("body")
    examine(browser, "mailbox")
    browser.open("/account/notices")
    ticks = browser.driver.find_elements("css selector", "input[name=tick]")
    before = [tick.is_selected() for tick in ticks]
    ticks[0].send_keys(Keys.SPACE)
    ticks[0].send_keys(Keys.TAB)
    assert browser.driver.switch_to.active_element == ticks[1], "the next tick is the next stop"
    ticks[1].send_keys(Keys.SPACE)
    browser.press("main form[action='/account/notices/choices'] .button-primary")
    after = [tick.is_selected() for tick in browser.driver.find_elements("css selector", "input[name=tick]")]
    assert after == [not before[0], not before[1], *before[2:]], (before, after)


def use_keys(browser):
    """A letter leads to a page, ? tells which; somebody may switch them off."""
    def press(key):
        browser.find("body").send_keys(key)

    browser.open("/notices")
    press("?")
    browser.wait(lambda: browser.has("dialog#keys[open]"), "the keys")
    examine(browser, "keys")
    browser.find("#keys-on").click()
    browser.find("#keys button").click()
    press("r")
    press("?")
    assert path(browser) == "/notices" and not browser.has("dialog[open]"), "keys are off"
    browser.find("#show-keys").click()
    browser.find("#keys-on").click()
    browser.find("#keys button").click()
    for key, address in {"r": "/requests", "a": "/requests/new", "n": "/notices", "h": "/"}.items():
        press(key)
        browser.wait(lambda: path(browser) == address, f"{key} to lead to {address}")
    browser.note()


def do_without_scripting(world):
    """All of the way with forms and links alone; the page of what is on its way asks for itself again."""
    browser = Browser(world.url, scripting=False)
    try:
        browser.open("/sign-in")
        browser.fill(name="Anna", password=PASSWORD)
        browser.press("main form button")
        field = browser.find("[data-search]")
        field.send_keys("copper sky 2020")
        before = browser.find("html")
        field.send_keys(Keys.ENTER)
        browser.wait(lambda: browser.is_gone(before) and browser.has("main"), "what was found")
        assert "Copper Sky" in browser.text("main"), browser.text("main")
        request = ask_for_movie(browser, "Salt and Ember", "2019")
        browser.wait(lambda: status(browser) == "FOUND", "FOUND by asking again")
        browser.press("button[aria-label^='Choose ']")
        browser.wait(lambda: status(browser) in ("DOWNLOADING", "COMPLETED"), "DOWNLOADING")
        browser.open("/requests")
        assert browser.has(f"main a[href='{request}']")
    except BaseException:
        browser.screenshot(SCREENSHOTS / "failure-without-scripting.png")
        raise
    finally:
        browser.close()


def cancel(browser, request):
    """With scripting there is a question before what cannot be undone."""
    browser.open(request)
    browser.click(f"form[action='{request}/cancellation'] button")
    examine(browser, "question", only=[LOOKS[0]])
    browser.press("dialog .button-danger")
    assert status(browser) == "CANCELLED"


def share_a_stream(browser):
    """However many windows there are, the browser has one stream, and each of them hears of what happens."""
    def streams():
        with urllib.request.urlopen(browser.url + "/metrics") as answer:
            return re.search(r"^usher_live_streams (\d+)$", answer.read().decode(), re.M)[1]

    browser.open("/")
    first = browser.driver.current_window_handle
    browser.script("window.untouched = true")
    browser.wait(lambda: streams() == "1", "the stream of the first window")
    browser.driver.switch_to.new_window("window")
    second = browser.driver.current_window_handle
    ask_for_movie(browser, "Paper Moons", "2013")
    browser.driver.switch_to.window(first)
    assert not browser.script("return document.hidden"), "the first window is hidden"
    browser.wait(lambda: "Paper Moons" in browser.text("main"), "what was asked for in the other window")
    assert browser.script("return window.untouched"), "the page was loaded again"
    browser.wait(lambda: streams() == "1", "one stream for two windows")
    browser.note()
    # Whoever led is gone: the other leads.
    browser.driver.close()
    browser.driver.switch_to.window(second)
    browser.wait(lambda: streams() == "1", "the stream of the window that is left")
    browser.script("window.untouched = true")
    browser.wait(lambda: "Nothing was offered" in browser.text("main"), "what came of the search")
    assert browser.script("return window.untouched"), "the page was loaded again"


def main():
    shutil.rmtree(SCREENSHOTS, ignore_errors=True)
    with World() as world:
        browser = Browser(world.url)
        try:
            set_up(browser, world)
            movie = watch(browser, world)
            copper, show = fill_the_house(browser)
            end_badly(browser, world)
            find_while_typing(browser)
            be_told(browser)
            pages = {
                "home": "/", "list": "/requests", "new": "/requests/new", "new-movie": "/requests/new?kind=movie",
                "new-game": "/requests/new?kind=game", "search": "/search?q=light", "complete": movie, "show": show,
                "month": "/calendar", "week": "/calendar?view=week", "agenda": "/calendar?view=agenda",
                "queue": "/admin/queue", "expiry": "/admin/expiry", "indexers": "/admin/indexers", "people": "/admin/accounts",
                "rules": "/admin/rules", "overview": "/admin", "jobs": "/admin/jobs", "audit": "/admin/audit", "guide": "/admin/guide",
                "backups": "/admin/backups", "settings": "/admin/settings", "account": "/account",
                "notices": "/notices", "ways": "/account/notices",
                "way": "/account/notices/new?kind=webhook", "deliveries": "/admin/deliveries", "mail": "/admin/mail", "sources": "/admin/sources",
            }
            for name, address in pages.items():
                browser.stays_in_place(address)
                examine(browser, name)
            live_together(browser, world, copper, show)
            keep_house(browser, copper, show)
            for name in ["home", "list", "new-movie", "search", "show", "found", "month", "queue", "settings", "account", "ways"]:
                walk(browser, name, copper if name == "found" else pages[name])
            walk(browser, "pick", "/requests/new/show/301")
            ask_and_choose(browser)
            weight = browser.open_for_the_first_time("/")
            assert 1000 < weight < 60_000, f"the first page weighs {weight} bytes"
            use_keys(browser)
            share_a_stream(browser)
            cancel(browser, copper)
            do_without_scripting(world)
        except BaseException:
            # The world takes its log along when it ends.
            SCREENSHOTS.mkdir(parents=True, exist_ok=True)
            shutil.copy(world.log, SCREENSHOTS / "failure.log")
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
