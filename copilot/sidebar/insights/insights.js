/**
 * The supervisor's page: figures of GET /v1/insights as tables and plots, and the tickets behind each figure.
 *
 * In: the period and grouping, from the form and the address. Where the service asks who calls, a key, held in memory. All text from
 * the service is set as text.
 */
import { BY_SIGHT, element, heads, NAMES, row, secondsWords, words } from "./figures.js";
import { drawPlots } from "./plots.js";
import { drawShadow } from "./shadow.js";

const DAY_MS = 86_400_000;
const LOOK = ["(prefers-color-scheme: dark)", "print"];
const byId = (id) => document.getElementById(id);
const form = byId("wanted").elements;
const hasConsole = document.documentElement.dataset.console === "1";
let key = null;
let shown = null;
let latest = 0;
let asked = 0;

class Refused extends Error {}

async function ask(path, query) {
  const headers = key === null ? {} : { Authorization: `Bearer ${key}` };
  const answer = await fetch(`${path}?${new URLSearchParams(query)}`, { headers });
  if (answer.ok) return answer.json();
  if (answer.status === 401 || answer.status === 403) byId("key-form").hidden = false;
  const { title, detail } = await answer.json().catch(() => ({ title: "The service cannot be reached", detail: "" }));
  throw new Refused(`${title}. ${detail}`);
}

/** The form as the service wants it: the last day counts. */
function wanted() {
  if (form.from.value > form.to.value) throw new Refused("The first day is after the last one. Choose an earlier first day.");
  const to = new Date(Date.parse(`${form.to.value}T00:00:00Z`) + DAY_MS).toISOString();
  return { from: `${form.from.value}T00:00:00Z`, to, by: form.by.value };
}

async function show() {
  const turn = (latest += 1);
  byId("status").textContent = "Counting…";
  byId("figures").setAttribute("aria-busy", "true");
  try {
    const { from, to } = wanted();
    const [found, shadow] = await Promise.all([ask("/v1/insights", wanted()), ask("/v1/insights/shadow", { from, to })]);
    if (turn !== latest) return;
    shown = found;
    byId("key-form").hidden = true;
    byId("figures").hidden = false;
    byId("tickets").hidden = true; // they were of the figures before
    draw();
    drawShadow(byId("shadow"), shadow.contenders, ticketLink);
    byId("status").textContent = `${found.all.readings} tickets as they stood, ${found.all.decisions.count} decisions.`;
    history.replaceState(null, "", `?${new URLSearchParams({ from: form.from.value, to: form.to.value, by: form.by.value })}`);
  } catch (fault) {
    if (turn !== latest) return;
    byId("figures").hidden = true;
    byId("tickets").hidden = true;
    byId("shadow").hidden = true;
    byId("status").textContent = fault instanceof Refused ? fault.message : "The service cannot be reached. Try again.";
  } finally {
    byId("figures").removeAttribute("aria-busy");
  }
}

function draw() {
  const { all, groups, by, step } = shown;
  const lines = (names) => Object.entries(names).map(([name, title]) => row(title, cell(name, all)));
  byId("all").replaceChildren(heads("Figure", "Share [interval], cases"), element("tbody", {}, ...lines(NAMES), row("Reading took", secondsWords(all.seconds))));
  byId("sight").replaceChildren(heads("Figure", "Share [interval], cases"), element("tbody", {}, ...lines(BY_SIGHT)));
  const names = { ...NAMES, ...BY_SIGHT };
  const head = heads(form.by.selectedOptions[0].text, "Tickets", "Decisions", ...Object.values(names), "Reading took");
  const rows = groups.map((group) =>
    row(group.key, String(group.readings), words(group.decisions), ...Object.keys(names).map((name) => cell(name, group)), secondsWords(group.seconds)),
  );
  byId("groups").replaceChildren(head, element("tbody", {}, ...rows));
  drawPlots(byId("plots"), by === "time" ? groups : [], step);
}

/** A figure; where it counts anything, a button that lists the tickets. */
function cell(name, group) {
  const figure = group[name];
  if (figure.count === 0) return words(figure);
  const button = element("button", { type: "button", className: "figure", text: words(figure) });
  const title = { ...NAMES, ...BY_SIGHT }[name];
  button.setAttribute("aria-label", `${title}${group.key === null ? "" : `, ${group.key}`}: ${words(figure)}. List the tickets`);
  button.addEventListener("click", () => list(name, title, group));
  return button;
}

/** The tickets behind a figure on the page, whatever the form says by now. */
async function list(figure, title, group) {
  const of = shown;
  const turn = (asked += 1);
  try {
    const { since: from, until: to, by } = of;
    const query = { figure, from, to, by, ...(group.key === null ? {} : { key: group.key }), limit: 500 };
    const { tickets, is_cut: isCut } = await ask("/v1/insights/tickets", query);
    if (turn !== asked || of !== shown) return;
    byId("tickets-about").textContent = `${title}${group.key === null ? "" : `, ${group.key}`}: ${tickets.length}${isCut ? " latest" : ""} of ${group[figure].count}.`;
    const rows = tickets.map((one) => row(ticketLink(one), one.created_at.slice(0, 16).replace("T", " "), one.route.replaceAll("_", " "), one.agent ?? ""));
    byId("ticket-list").replaceChildren(heads("Ticket", "First read (UTC)", "Suggested", "Agent"), element("tbody", {}, ...rows));
    byId("tickets").hidden = false;
    byId("tickets").focus();
  } catch (fault) {
    byId("status").textContent = fault instanceof Refused ? fault.message : "The service cannot be reached. Try again.";
  }
}

function ticketLink({ ticket_id: id }) {
  if (id === null) return "erased";
  return hasConsole ? element("a", { href: `/console?${new URLSearchParams({ find: id })}`, text: id }) : id;
}

function start() {
  const query = new URLSearchParams(location.search);
  const day = (ago) => new Date(Date.now() - ago * DAY_MS).toISOString().slice(0, 10);
  for (const [name, usual] of [["from", day(29)], ["to", day(0)]]) {
    form[name].value = query.get(name) ?? "";
    form[name].value ||= usual; // a field for a date takes nothing else
  }
  if ([...form.by.options].some((option) => option.value === query.get("by"))) form.by.value = query.get("by");
  byId("wanted").addEventListener("submit", (event) => {
    event.preventDefault();
    show();
  });
  byId("key-form").addEventListener("submit", (event) => {
    event.preventDefault();
    key = byId("key").value.trim();
    byId("key").value = "";
    show();
  });
  for (const query of LOOK) matchMedia(query).addEventListener("change", () => shown && draw());
  show();
}

addEventListener("DOMContentLoaded", start);
