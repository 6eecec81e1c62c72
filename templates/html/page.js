"use strict";
// Search, filters, links and keys. Without it the page is a document whose rows open one by one.

const byId = (id) => document.getElementById(id);
const search = byId("search");
const schema = byId("schema");
const who = byId("who");
const verdict = byId("verdict");
const sections = [...document.querySelectorAll("section.schema")].map((node) => ({
  node,
  schemas: node.dataset.schemas.split(" "),
  title: node.querySelector(".head").textContent.toLowerCase(),
  rows: [...node.querySelectorAll("details.row")].map((row) => ({
    node: row,
    text: row.textContent.toLowerCase(),
  })),
}));
const total = sections.reduce((sum, section) => sum + section.rows.length, 0);

// What stays at the top while one scrolls: the filters, and below them the heading of a schema.
const top_ = () =>
  document.documentElement.style.setProperty("--top", `${byId("filters").offsetHeight - 1}px`);
addEventListener("resize", top_);

// --- filters ---

function fits(row, section, words) {
  const found = row.node.dataset[who.value];
  if (verdict.value === "any" ? !found : verdict.value && found !== verdict.value) return false;
  return words.every((word) => row.text.includes(word) || section.title.includes(word));
}

function filter() {
  const words = search.value.toLowerCase().split(/\s+/).filter(Boolean);
  let shown = 0;
  for (const section of sections) {
    const wanted = !schema.value || section.schemas.includes(schema.value);
    let here = 0;
    for (const row of section.rows) {
      row.node.hidden = !(wanted && fits(row, section, words));
      if (!row.node.hidden) here += 1;
    }
    section.node.hidden = here === 0;
    shown += here;
  }
  byId("count").textContent = shown === total ? `${total} rows` : `${shown} of ${total} rows`;
}

function clear() {
  search.value = schema.value = verdict.value = "";
  who.value = "worst";
  filter();
}

search.addEventListener("input", filter);
for (const select of [schema, who, verdict]) select.addEventListener("change", filter);
byId("clear").addEventListener("click", () => {
  clear();
  search.focus();
});
byId("open").addEventListener("click", (event) => {
  const rows = sections.flatMap((section) => section.rows).filter((row) => !row.node.hidden);
  const closed = rows.some((row) => !row.node.open);
  for (const row of rows) row.node.open = closed;
  event.target.textContent = closed ? "Close all" : "Open all";
});

// --- links ---

function follow() {
  const target = byId(decodeURIComponent(location.hash.slice(1)));
  for (const node of document.querySelectorAll(".here")) node.classList.remove("here");
  if (!target || !target.matches("section.schema, details.row")) return;
  if (target.hidden || target.closest("[hidden]")) clear();
  target.classList.add("here");
  target.scrollIntoView();
  if (target.matches("details")) {
    target.open = true;
    target.querySelector("summary").focus({ preventScroll: true });
  }
}

window.addEventListener("hashchange", follow);

// --- keys ---

function move(step) {
  const rows = sections.flatMap((section) => section.rows).filter((row) => !row.node.hidden);
  const here = rows.findIndex((row) => row.node.contains(document.activeElement));
  const next = rows[here < 0 ? 0 : here + step];
  if (next) next.node.querySelector("summary").focus();
  else if (here + step < 0) search.focus();
}

document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.altKey || event.metaKey) return;
  const onRow = event.target.matches(".row > summary");
  if (event.key === "/" && !event.target.matches("input")) {
    search.focus();
    search.select();
  } else if (event.key === "Escape") {
    clear();
  } else if (event.key === "ArrowDown" && (onRow || event.target === search)) {
    move(1);
  } else if (event.key === "ArrowUp" && onRow) {
    move(-1);
  } else {
    return;
  }
  event.preventDefault();
});

// --- dark and light ---

const root = document.documentElement;
const key = "modelgen-theme";
const stored = (change) => {
  try {
    return change(localStorage);
  } catch {
    return null; // a page in a sandbox keeps nothing
  }
};
root.dataset.theme = stored((storage) => storage.getItem(key)) || "";
byId("theme").addEventListener("click", () => {
  const system = matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
  root.dataset.theme = (root.dataset.theme || system) === "dark" ? "light" : "dark";
  stored((storage) => storage.setItem(key, root.dataset.theme));
});

byId("filters").hidden = byId("theme").hidden = false;
top_();
window.addEventListener("load", follow); // after the browser has gone to the anchor by itself
