// What scripting adds to pages that work without it: live progress, a question before what cannot be undone, results
// while typing, "/" for search, menus that close. Loaded deferred, in every page; nothing here decides anything.
"use strict";

// ── Live pages ──────────────────────────────────────────────────────────────
// <main data-live="/live?…">: the server sends `progress` (JSON {id, html}: replace that element) and `changed`
// (fetch this page again and take its <main>).

let stream = null;
let stale = false; // a change is known that the page does not show yet
let refreshing = false;

function listen() {
  const address = document.querySelector("main")?.dataset.live;
  if (!address || stream || document.hidden) return;
  stream = new EventSource(address);
  stream.addEventListener("progress", (event) => {
    const { id, html } = JSON.parse(event.data);
    swapProgress(document.getElementById(id), html);
  });
  stream.addEventListener("changed", refresh);
  // What happened since the page was made, or while the stream was broken, is not in it.
  stream.addEventListener("open", refresh);
}

function hush() {
  stream?.close();
  stream = null;
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
  if (moved) {
    hush();
    listen();
  }
}

/** The status that the page is about, to be read out when it changes. */
function standing(main) {
  return main.querySelector(".title-head .status")?.textContent ?? "";
}

/** Whether somebody is in the middle of something that a swap would lose. */
function busy() {
  const main = document.querySelector("main");
  if (!main || document.querySelector("dialog[open]")) return true;
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

// ── Keyboard and menus ──────────────────────────────────────────────────────

document.addEventListener("keydown", (event) => {
  const menu = document.querySelector(".menu[open]");
  if (event.key === "Escape" && menu) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
  if (event.key !== "/" || event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.target.closest("input, select, textarea, [contenteditable]")) return;
  const search = document.querySelector("[data-search]");
  if (!search) return;
  event.preventDefault();
  search.focus();
  search.select();
});

document.addEventListener("click", (event) => {
  const menu = document.querySelector(".menu[open]");
  if (menu && !menu.contains(event.target)) menu.open = false;
});

listen();
