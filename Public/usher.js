// What scripting adds to pages that work without it: live progress, a question before what cannot be undone, results
// while typing, keys that lead somewhere, menus that close. Loaded deferred, in every page; nothing here decides anything.
"use strict";

// First set-up: the house is taken to be where this browser is, unless somebody says otherwise.
const zone = document.querySelector('form[action$="/setup"] select[name="zone"]');
if (zone && !document.querySelector(".has-error")) {
  const here = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if ([...zone.options].some((option) => option.value === here)) zone.value = here;
}

// ── Live pages ──────────────────────────────────────────────────────────────
// <main data-live="/live?…">: the server sends `progress` (JSON {id, html}: replace that element) and `changed`
// (fetch this page again and take its <main>; its data is the request that changed, or nothing for any), and `ready` when it
// begins to listen. Events carry ids: a stream that broke off goes on after the last that the browser has heard.
//
// A browser has one such stream, however many of its windows show Usher: HTTP/1.1 allows six connections to a host. The
// window that holds the lock leads: it listens for what all that can be seen want, and passes on what it hears. Over plain
// HTTP from another machine browsers have no locks, and each window that can be seen listens for itself.

const channel = navigator.locks && window.BroadcastChannel ? new BroadcastChannel("usher-live") : null;
const me = channel ? crypto.randomUUID() : "";
const wishes = new Map(); // a leader's: what each window wants to hear
let stream = null;
let wish = null; // this window's, while it can be seen
let leads = false;
let resign = null; // while it leads, or would: gives the lock back
let merging = 0;
let stale = false; // a change is known that the page does not show yet
let refreshing = false;

function listen() {
  const address = document.querySelector("main")?.dataset.live;
  if (!address || document.hidden || wish === address) return;
  const isNew = !wish;
  wish = address;
  if (!channel) return open(address, hear);
  tell({ from: me, wish });
  if (leads) heed({ from: me, wish });
  if (isNew) compete();
}

function hush() {
  if (!wish) return;
  wish = null;
  if (channel) tell({ from: me, wish });
  resign?.();
  close();
}

/** Waits for its turn to lead, and leads until it is hidden or gone. */
function compete() {
  const waiting = new AbortController();
  let done = () => {};
  const led = new Promise((resolve) => (done = resolve));
  resign = () => {
    leads = false;
    resign = null;
    waiting.abort();
    done();
  };
  navigator.locks
    .request("usher-live", { signal: waiting.signal }, () => {
      if (!wish) return;
      leads = true;
      wishes.clear();
      tell({ who: "else" });
      heed({ from: me, wish });
      return led;
    })
    .catch(() => {}); // hidden before it was its turn
}

function tell(message) {
  channel.postMessage(message);
}

channel?.addEventListener("message", ({ data }) => {
  if ("heard" in data) hear(data.heard, data.data);
  else if ("who" in data && wish) tell({ from: me, wish });
  else if ("wish" in data && leads) heed(data);
});

/** A leader's: somebody wants to hear something else. */
function heed({ from, wish: address }) {
  if (address) wishes.set(from, address);
  else wishes.delete(from);
  clearTimeout(merging);
  merging = setTimeout(merge, 50); // who leads anew hears of several at once
}

function merge() {
  if (!leads) return;
  const all = [...wishes.values()].map((each) => new URL(each, location.href));
  const downloads = new Set(all.flatMap((each) => each.searchParams.get("downloads")?.split(",") ?? []));
  const requests = all.map((each) => each.searchParams.get("requests")?.split(","));
  const union = new URL(wish, location.href);
  union.search = "";
  if (downloads.size) union.searchParams.set("downloads", [...downloads].sort().slice(0, 100));
  // Whoever names no request wants to hear of all.
  if (requests.every(Boolean)) union.searchParams.set("requests", [...new Set(requests.flat())].sort().slice(0, 100));
  if (stream && stream.url === union.href) return;
  open(union.href, (heard, data) => {
    tell({ heard, data });
    hear(heard, data);
  });
}

function open(address, then) {
  close();
  stream = new EventSource(address);
  for (const name of ["progress", "changed", "ready"]) stream.addEventListener(name, ({ data }) => then(name, data));
}

function close() {
  stream?.close();
  stream = null;
}

function hear(name, data) {
  if (!wish) return;
  if (name === "progress") {
    const { id, html } = JSON.parse(data);
    return swapProgress(document.getElementById(id), html);
  }
  const mine = new URL(wish, location.href).searchParams.get("requests")?.split(",");
  // What happened since the page was made is not in it. A stream that goes on has told what happened meanwhile.
  if (name === "ready" ? data !== "caught up" : !data || !mine || mine.includes(data)) refresh();
}

function swapProgress(old, html) {
  if (!old) return;
  const fresh = parse(html).body.firstElementChild;
  if (!fresh) return;
  // The bar itself stays, so that it moves instead of jumping.
  const bar = old.querySelector("progress");
  const next = fresh.querySelector("progress");
  if (bar && next && bar.hasAttribute("value") === next.hasAttribute("value")) {
    bar.value = next.value;
    bar.setAttribute("aria-label", next.getAttribute("aria-label") ?? "");
    next.replaceWith(bar);
  }
  old.replaceWith(fresh);
}

async function refresh() {
  stale = true;
  if (busy() || refreshing) return;
  refreshing = true;
  stale = false;
  try {
    const answer = await fetch(location.href, { headers: { "X-Fragment": "main" } });
    const page = parse(await answer.text());
    if (busy()) stale = true;
    else if (answer.ok && !answer.redirected) {
      swapBell(page);
      swapMain(page);
    }
  } catch {
    stale = true; // no connection: the stream's own reconnecting brings the next chance
  } finally {
    refreshing = false;
  }
  if (stale && !busy()) setTimeout(refresh, 1000);
}

/** How much is unread stands in the head of the page, which is otherwise left alone. */
function swapBell(page) {
  const [old, fresh] = [document.getElementById("bell"), page.getElementById("bell")];
  if (old && fresh && !old.isEqualNode(fresh) && document.activeElement !== old) old.replaceWith(document.adoptNode(fresh));
}

function swapMain(page) {
  const old = document.querySelector("main");
  const fresh = page.querySelector("main");
  if (!old || !fresh) return;
  const open = new Map([...old.querySelectorAll("details")].map((each, index) => [index, each.open]));
  const focused = document.activeElement?.id;
  const moved = old.dataset.live !== fresh.dataset.live;
  fresh.querySelectorAll("details").forEach((each, index) => (each.open = open.get(index) ?? each.open));
  // What was said after the last press stays until the next page.
  const flash = old.querySelector(":scope > .flash");
  if (flash && !fresh.querySelector(":scope > .flash")) fresh.prepend(flash.cloneNode(true));
  if (old.isEqualNode(fresh)) return;
  const before = standing(old);
  old.replaceWith(document.adoptNode(fresh));
  if (standing(fresh) !== before) document.getElementById("said").textContent = standing(fresh);
  if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
  if (moved) listen();
}

/** The status that the page is about, to be read out when it changes. */
function standing(main) {
  return main.querySelector(".title-head .status")?.textContent ?? "";
}

/** Whether somebody is in the middle of something that a swap would lose. */
function busy() {
  const main = document.querySelector("main");
  if (!main || document.querySelector("dialog[open]") || address() !== own) return true;
  if (main.contains(document.activeElement) && document.activeElement.matches("input, select, textarea, button, a")) {
    return true;
  }
  return [...main.querySelectorAll("input, select, textarea")].some(isChanged);
}

function isChanged(field) {
  if (field.type === "hidden") return false;
  if (field.type === "checkbox" || field.type === "radio") return field.checked !== field.defaultChecked;
  if (field.tagName === "SELECT") {
    const chosen = [...field.options].some((option) => option.defaultSelected);
    return chosen && [...field.options].some((option) => option.selected !== option.defaultSelected);
  }
  return field.value !== field.defaultValue;
}

function parse(html) {
  return new DOMParser().parseFromString(html, "text/html");
}

document.addEventListener("focusout", () => {
  if (stale) setTimeout(() => stale && refresh(), 200);
});

// A page in the background costs nothing; one that comes back is brought up to date at once.
document.addEventListener("visibilitychange", () => {
  if (document.hidden) hush();
  else listen();
});
addEventListener("pagehide", hush);
addEventListener("pageshow", listen);

// ── Forms ───────────────────────────────────────────────────────────────────

document.addEventListener("submit", (event) => {
  const form = event.target;
  const question = event.submitter?.dataset.confirm ?? form.dataset.confirm;
  if (question && !form.dataset.confirmed) {
    event.preventDefault();
    ask(question, event.submitter?.textContent.trim() || "Yes", () => {
      form.dataset.confirmed = "yes";
      form.requestSubmit(event.submitter);
    });
    return;
  }
  // A second press while the answer is on its way sends nothing more.
  if (form.method === "post") {
    if (form.dataset.sent) return event.preventDefault();
    form.dataset.sent = "yes";
  }
});

addEventListener("pageshow", () => {
  for (const form of document.forms) {
    delete form.dataset.sent;
    delete form.dataset.confirmed;
  }
});

function ask(question, label, then) {
  const dialog = document.createElement("dialog");
  dialog.setAttribute("aria-label", question);
  const text = document.createElement("p");
  text.textContent = question;
  const buttons = document.createElement("div");
  buttons.className = "form-end";
  buttons.append(button("Back", "button"), button(label, "button button-danger", then));
  dialog.append(text, buttons);
  dialog.addEventListener("close", () => dialog.remove());
  document.body.append(dialog);
  dialog.showModal();

  function button(label, className, action) {
    const made = document.createElement("button");
    made.type = "button";
    made.className = className;
    made.textContent = label;
    made.addEventListener("click", () => {
      dialog.close();
      action?.();
    });
    return made;
  }
}

// A season's box ticks its episodes; unticking one of them unticks the season. [data-all] does the same for a table.
document.addEventListener("change", ({ target }) => {
  if (!(target instanceof HTMLInputElement) || target.type !== "checkbox") return;
  const group = target.closest(".pick, [data-ticks]");
  if (!group) return;
  const head = group.querySelector("[data-season], [data-all]");
  const rest = [...group.querySelectorAll("input[type=checkbox]")].filter((box) => box !== head);
  if (target === head) rest.forEach((box) => (box.checked = head.checked));
  else if (head) head.checked = rest.every((box) => box.checked);
});

// How much what is ticked may take. It is said anew with each tick, after a season's box has ticked its episodes.
let estimating = null;
document.addEventListener("change", async ({ target }) => {
  const line = target.form?.querySelector(".estimate");
  if (!line) return;
  estimating?.abort();
  estimating = new AbortController();
  const { signal } = estimating;
  try {
    const body = new URLSearchParams(new FormData(target.form));
    const answer = await fetch(`${target.form.action}/estimates`, { method: "post", body, signal });
    const fresh = answer.ok && parse(await answer.text()).querySelector(".estimate");
    if (!signal.aborted) line.textContent = fresh ? fresh.textContent : "";
  } catch {
    if (!signal.aborted) line.textContent = ""; // what it said was of something else
  }
});

// ── Results while typing ────────────────────────────────────────────────────
// The server makes them; Enter leads to the page with all of them, with or without this.

const search = document.querySelector("form.search");
const sheet = document.getElementById("suggestions");
let question = null; // the one under way; a newer one takes its place
let typing = 0;

search?.addEventListener("input", () => {
  clearTimeout(typing);
  typing = setTimeout(suggest, 250);
});

async function suggest() {
  question?.abort();
  const text = search.elements.q.value.trim();
  if (text.length < 2) return hideSuggestions();
  question = new AbortController();
  const { signal } = question;
  try {
    const answer = await fetch(`${search.action}/suggestions?q=${encodeURIComponent(text)}`, { signal });
    const body = parse(await answer.text()).querySelector(".suggestions-body");
    if (signal.aborted) return;
    if (!answer.ok || !body || !search.contains(document.activeElement)) return hideSuggestions();
    // Somebody is among them already.
    if (sheet.contains(document.activeElement)) return;
    sheet.replaceChildren(document.adoptNode(body));
    sheet.hidden = false;
    document.getElementById("said").textContent = body.dataset.said;
    if ("growing" in body.dataset) typing = setTimeout(suggest, 1500);
  } catch {
    if (!signal.aborted) hideSuggestions(); // no connection: Enter will say so
  }
}

function hideSuggestions() {
  clearTimeout(typing);
  question?.abort();
  if (sheet) sheet.hidden = true;
}

search?.addEventListener("keydown", (event) => {
  if (event.key === "Escape" && !sheet.hidden) {
    event.preventDefault(); // it would empty the field
    hideSuggestions();
    search.elements.q.focus();
  }
  if (!["ArrowDown", "ArrowUp"].includes(event.key) || sheet.hidden) return;
  event.preventDefault();
  const places = [search.elements.q, ...sheet.querySelectorAll("a")];
  const next = places.indexOf(document.activeElement) + (event.key === "ArrowDown" ? 1 : -1);
  places[next]?.focus();
});

search?.addEventListener("focusout", ({ relatedTarget }) => {
  if (!search.contains(relatedTarget)) hideSuggestions();
});
addEventListener("pageshow", hideSuggestions);

// ── The sheet that asks for a title ─────────────────────────────────────────
// A page with its own address; from a link it opens over the page that is there, at that address: the browser's Back
// closes it, and loading again shows it as a page.

const own = address(); // what this page was made for

function address() {
  return location.pathname + location.search;
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("a[href]");
  if (!link || event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) {
    return;
  }
  const leadsToSheet = /\/requests\/new(\/show\/\d+|\?(.*&)?kind=)/.test(link.pathname + link.search);
  if (!leadsToSheet || link.origin !== location.origin || link.closest("dialog")) return;
  event.preventDefault();
  if (!link.ariaBusy) openSheet(link);
});

async function openSheet(link) {
  link.ariaBusy = "true";
  try {
    const answer = await fetch(link.href);
    const page = answer.ok && !answer.redirected && parse(await answer.text());
    const main = page && page.querySelector("main");
    // What is here already is not to be there twice: labels would lead to the wrong one.
    const isAlone = main && ![...main.querySelectorAll("[id]")].some((each) => document.getElementById(each.id));
    if (!isAlone || document.querySelector("dialog[open]")) return location.assign(link.href);
    showSheet(page, link);
  } catch {
    location.assign(link.href); // the browser says what is wrong
  } finally {
    link.ariaBusy = null;
  }
}

function showSheet(page, link) {
  const [dialog, title] = [document.createElement("dialog"), document.title];
  dialog.className = "sheet";
  fillSheet(dialog, page);
  dialog.addEventListener("close", () => {
    dialog.remove();
    document.title = title;
    if (address() !== own) history.back();
    // What led here may be hidden by now, as results are once they are left.
    if (link.checkVisibility()) link.focus();
    else search?.elements.q.focus();
  });
  document.body.append(dialog);
  history.pushState(null, "", link.href);
  document.title = page.title;
  dialog.showModal();
}

function fillSheet(dialog, page) {
  const main = page.querySelector("main");
  const leave = document.createElement("button");
  leave.type = "button";
  leave.className = "button sheet-close";
  leave.textContent = "Close";
  leave.addEventListener("click", () => dialog.close());
  main.querySelector(".form-end a")?.remove(); // it leads back from the page
  const heading = main.querySelector("h1");
  dialog.setAttribute("aria-label", heading.textContent);
  // Read from its beginning, unless a field waits for somebody.
  heading.tabIndex = -1;
  heading.autofocus = !main.querySelector("[autofocus]");
  dialog.replaceChildren(leave, ...main.childNodes);
  const credit = page.querySelector(".foot p:has(a)"); // whose data it shows
  if (credit) dialog.append(credit);
}

addEventListener("popstate", () => {
  const dialog = document.querySelector("dialog.sheet");
  if (address() === own) {
    dialog?.close();
    if (stale) refresh();
  } else if (!dialog) location.reload(); // forward to a sheet, or back from one that was loaded as a page
});

// What is wrong is said in the sheet; what was asked for takes its place in the history.
document.addEventListener("submit", async (event) => {
  const form = event.target;
  const dialog = form.closest("dialog.sheet");
  if (!dialog || event.defaultPrevented || form.method !== "post") return;
  event.preventDefault();
  try {
    const body = new URLSearchParams(new FormData(form));
    const answer = await fetch(form.action, { method: "post", body, headers: { "X-Fragment": "main" } });
    if (answer.redirected) return location.replace(answer.url);
    fillSheet(dialog, parse(await answer.text()));
    const wrong = dialog.querySelector(".has-error")?.querySelector("input, select, textarea");
    (wrong ?? dialog.querySelector("h1")).focus();
    if (!wrong) dialog.scrollTop = 0;
  } catch {
    form.submit(); // the browser says what is wrong; sent twice, it is asked for once
  }
});

// ── Keyboard and menus ──────────────────────────────────────────────────────

// [data-key]: the key that leads there. Single letters can be in somebody's way (speech input for one), who switches
// them off, for this browser.
const keys = document.getElementById("keys");
const hasKeys = document.getElementById("keys-on") ?? { checked: false };
if (keys) {
  const button = document.getElementById("show-keys");
  button.hidden = false;
  button.addEventListener("click", () => keys.showModal());
  hasKeys.checked = localStorage.getItem("keys") !== "off";
  hasKeys.addEventListener("change", () => localStorage.setItem("keys", hasKeys.checked ? "on" : "off"));
}

document.addEventListener("keydown", (event) => {
  const menu = document.querySelector(".menu[open]");
  if (event.key === "Escape" && menu) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
  if (event.ctrlKey || event.metaKey || event.altKey || !hasKeys.checked) return;
  if (document.querySelector("dialog[open]") || event.target.closest("input, select, textarea, [contenteditable]")) return;
  const target = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
  if (!target) return;
  event.preventDefault();
  if (!("search" in target.dataset)) return target.click();
  target.focus();
  target.select();
});

document.addEventListener("click", (event) => {
  const menu = document.querySelector(".menu[open]");
  if (menu && !menu.contains(event.target)) menu.open = false;
});

listen();
