"""A second person in the house, and what an administrator has to do with that: the states of pages that only show then,
looked at like the others."""

from browser import Browser
from looking import SCREENSHOTS, examine, path, status

PASSWORD = "a lighthouse keeps its own hours"


def live_together(anna, world, copper, show):
    """Somebody comes by invitation, asks, is approved and declined, joins, and is looked after."""
    ben = Browser(world.url)
    try:
        come_in(anna, ben)
        decide(anna, ben)
        join(anna, ben, copper, show)
        look_after(anna, ben)
    except BaseException:
        ben.screenshot(SCREENSHOTS / "failure-of-another.png")
        raise
    finally:
        anna.findings += ben.findings
        ben.close()


def come_in(anna, ben):
    ben.open("/sign-in")
    examine(ben, "sign-in")
    ben.fill(name="Ben", password="not this one")
    ben.press("main form button", refused=True)
    examine(ben, "sign-in-refused")
    ben.open("/nowhere", refused=True)
    examine(ben, "not-found")
    anna.open("/admin/accounts")
    anna.press("main form[action='/admin/invitations'] .button-primary")
    examine(anna, "invited")
    ben.open(anna.text("#invitation-link"))
    examine(ben, "invitation")
    ben.fill(name="Ben", password="password123")
    ben.press("main form button", refused=True)
    examine(ben, "invitation-refused")
    ben.fill(password=PASSWORD)
    ben.press("main form button")
    examine(ben, "home-of-another")
    ben.open("/admin", refused=True)
    examine(ben, "not-allowed")


def decide(anna, ben):
    anna.open("/admin/rules")
    anna.click("form[action='/admin/rules/member'] label:has([value=movie])")
    anna.find("#member-movies").send_keys("3")
    anna.press("form[action='/admin/rules/member'] .button-primary")
    ben.open("/requests/new?kind=movie")
    assert "3 of 3 movies left this week" in ben.text("main"), ben.text("main")
    ben.fill(title="Glass Orchard", year="2018", note="For the film night on Friday")
    examine(ben, "form-with-quota")
    ben.press("main form[action='/requests'] .button-primary")
    request = path(ben)
    ben.wait(lambda: "2 seen" in ben.text("main"), "what there is")
    examine(ben, "awaiting")
    anna.open(request)
    assert "For the film night on Friday" in anna.text(".title-head"), "the note is there for who decides"
    examine(anna, "to-decide")
    anna.open("/")
    examine(anna, "home-to-decide")
    anna.open("/requests?approval=awaited")
    anna.click("main .request-card .tick")
    examine(anna, "list-ticked")
    anna.open(request)
    anna.fill(reason="We have it on the shelf")
    anna.press(f"form[action='{request}/declination'] .button")
    ben.open(request)
    assert "We have it on the shelf" in ben.text("main"), ben.text("main")
    examine(ben, "declined")
    ben.open("/notices")
    examine(ben, "notices-of-another")


def join(anna, ben, copper, show):
    ben.open(copper)
    examine(ben, "not-mine")
    ben.press(f"form[action='{copper}/people'] button")
    assert "Anna" in ben.text(".title-head") and "Ben" in ben.text(".title-head"), ben.text(".title-head")
    examine(ben, "joined")
    ben.open(show)
    ben.click(".title-body .actions a")
    ben.wait(lambda: ben.has("dialog.sheet[open]"), "the form over the page")
    assert "Anna asked for it already" in ben.text("dialog.sheet"), ben.text("dialog.sheet")
    examine(ben, "sheet-asked")
    # Whoever is an administrator leaves without cancelling it for the other.
    anna.open(copper)
    anna.press(f"form[action='{copper}/leaving'] button")
    assert status(anna) == "FOUND", "it goes on for the other"
    anna.press(f"form[action='{copper}/people'] button")


def look_after(anna, ben):
    anna.open("/admin/accounts")
    person = anna.script("""
        return [...document.querySelectorAll("main tr")].find((row) => row.querySelector("th")?.textContent.startsWith("Ben"))
          .querySelector("a").getAttribute("href")""")
    anna.open(person)
    examine(anna, "person")
    anna.tick("role", "child")
    anna.press(f"form[action='{person}/role'] .button-primary")
    anna.fill(age="12")
    anna.press(f"form[action='{person}/age'] .button-primary")
    examine(anna, "child")
    ben.open("/search?q=light")
    examine(ben, "search-of-child")
    ben.open("/")
    examine(ben, "home-of-child")
    anna.open(f"{person}/deletion")
    examine(anna, "deletion")
    anna.press("main .button-danger", refused=True)
    examine(anna, "deletion-refused")


def keep_house(anna, copper, show):
    """What an administrator's pages look like when something is wrong, or was just done."""
    anna.open("/admin/queue")
    anna.press("form[action='/admin/queue/pause'] button")
    examine(anna, "queue-paused")
    anna.open("/admin")
    examine(anna, "overview-troubled")
    anna.open("/admin/queue")
    anna.press("form[action='/admin/queue/resumption'] button")
    anna.open("/admin/expiry")
    anna.fill(movies="1")
    anna.press("[formaction='/admin/expiry/preview']")
    examine(anna, "expiry-preview")
    anna.open("/admin/indexers")
    anna.press("main tr a.button")
    examine(anna, "indexer")
    anna.fill(url="http://127.0.0.1:1", key="x")
    anna.press("[formaction='/admin/indexers/tests']", refused=True)
    examine(anna, "indexer-refused")
    anna.open("/admin/settings")
    anna.fill(attempts="0")
    anna.press("main form .button-primary", refused=True)
    examine(anna, "settings-refused")
    anna.open("/admin/sources")
    anna.press("[formaction='/admin/sources/tmdb/tests']", refused=True)
    examine(anna, "sources-refused")
    anna.open("/admin/mail")
    anna.fill(to="anna@house.example")
    anna.press("[formaction='/admin/mail/tests']", refused=True)
    examine(anna, "mail-refused")
    anna.open("/admin/backups")
    anna.press("main form[action='/admin/backups'] button")
    anna.wait(lambda: anna.has("main table") or anna.open("/admin/backups"), "the backup")
    examine(anna, "backup-made")
    anna.open("/account")
    anna.press("form[action='/account/feeds'] button")
    examine(anna, "feeds-made")
    for name, address in {
        "searches": f"{copper}/searches", "demands": f"{copper}/demands", "list-narrowed": "/requests?q=sky&person=1",
        "list-empty": "/requests?q=nothing+is+called+so", "search-nothing": "/search?q=nothing+is+called+so",
        "search-fresh": "/search", "calendar-empty": "/calendar?view=week&day=2031-01-01",
        "show-by-hand": "/requests/new?kind=show&by=hand",
    }.items():
        anna.stays_in_place(address)
        examine(anna, name)
    anna.fill(title="The Lighthouse Keepers", seasons="many")
    for more in anna.driver.find_elements("css selector", "main details > summary"):
        more.click()
    anna.press("main form .button-primary", refused=True)
    examine(anna, "show-by-hand-refused")
    anna.open(show)
    anna.click(".menu > summary")
    examine(anna, "menu")
