/** The list of cases follows the address: a filter, a count of a table and an opened case are addresses, so any can be shared. */
import { FILTERS, addressOf, isOfCases, wantedBy } from "./address.js";
import { fitting, isVeiled } from "./filter.js";
import { drawList, markOpen } from "./case_list.js";
import { drawCard } from "./case_card.js";

const STEP = 300; // so many lines are drawn at a time
const OPENING = 110;
const at = (id) => document.getElementById(id);
const lines = JSON.parse(at("lines").textContent);
const byId = new Map(lines.map((line) => [line.id, line]));
const usual = lines.some((line) => line.status === "wrong") ? "wrong" : "all";
const form = at("filter");
const texts = new Map();

let wanted = wantedBy("", usual);
let fits = [];
let drawn = 0;

const cardOf = (id) => {
  const held = byId.has(id) ? at(`case-${id}`) : null;
  return held ? JSON.parse(held.textContent) : null;
};

const writtenIn = (card) => card?.messages.map((message) => message.pieces.map((piece) => piece.text).join("")).join(" ") ?? "";

const textOf = (id) => {
  if (!texts.has(id)) {
    const card = cardOf(id);
    texts.set(id, card ? `${card.subject} ${card.why} ${writtenIn(card)}`.toLowerCase() : "");
  }
  return texts.get(id);
};

const openingTextOf = (id) => writtenIn(cardOf(id)).replace(/\s+/g, " ").trim().slice(0, OPENING);

const placeOf = (id) => fits.findIndex((line) => line.id === id);

const drawLines = (count) => {
  drawn = Math.min(fits.length, Math.ceil(Math.max(count, 1) / STEP) * STEP);
  drawList(at("list"), fits.slice(0, drawn), wanted, openingTextOf);
  at("more").hidden = drawn === fits.length;
};

const showFilter = () => {
  for (const name of FILTERS) {
    const field = form.elements[name];
    if (field.type === "checkbox") field.checked = wanted[name] === field.value;
    else if (field !== document.activeElement || field.value !== wanted[name]) field.value = wanted[name];
  }
  const about = [...at("about").children].map((one) => !(one.hidden = one.dataset.of !== wanted.show));
  at("about").hidden = !about.includes(true);
};

const showCase = () => {
  const line = byId.get(wanted.case);
  at("right").hidden = !wanted.case;
  at("split").classList.toggle("open", Boolean(wanted.case));
  if (!wanted.case) return at("card").replaceChildren();
  drawCard(at("card"), {
    id: wanted.case,
    line,
    card: cardOf(wanted.case),
    isVeiled: line ? isVeiled(line, wanted) : false,
    unveiled: addressOf({ ...wanted, held: "shown" }),
  });
  const place = placeOf(wanted.case);
  at("place").textContent = place < 0 ? `not among the ${fits.length}` : `${place + 1} of ${fits.length}`;
  at("previous").setAttribute("aria-disabled", place === 0 || !fits.length);
  at("next").setAttribute("aria-disabled", place === fits.length - 1);
};

/** Make the page what the address says. */
const show = (asked) => {
  const before = addressOf({ ...wanted, case: "" });
  const isOther = addressOf({ ...asked, case: "" }) !== before || !drawn;
  wanted = asked;
  if (isOther) {
    fits = fitting(lines, wanted, textOf);
    at("shown").textContent = fits.length ? `${fits.length} of ${lines.length} cases.` : "No case fits.";
    showFilter();
  }
  if (isOther || placeOf(wanted.case) >= drawn) drawLines(placeOf(wanted.case) + 1);
  showCase();
  markOpen(at("list"), wanted.case);
};

/** Put the reader where the address leads: to the case, or to the list. Whoever types or uses a button there stays. */
const settle = (left) => {
  const focused = document.activeElement;
  if (form.contains(focused) || (focused?.closest(".walk") && wanted.case)) return;
  const back = left && !wanted.case ? at("list").querySelector(`a[data-case="${CSS.escape(left)}"]`) : null;
  const goal = back ?? (wanted.case ? at("card-title") : at("cases-title"));
  goal.focus({ preventScroll: true });
  (back ?? (wanted.case ? at("right") : at("cases"))).scrollIntoView({ block: back ? "nearest" : "start" });
};

const follow = () => {
  if (!isOfCases(location.hash)) return;
  const left = wanted.case;
  show(wantedBy(location.hash, usual));
  settle(left);
};

const step = (by) => {
  const place = placeOf(wanted.case);
  const next = fits[place < 0 ? 0 : place + by];
  if (next) location.replace(addressOf({ ...wanted, case: next.id }));
};

const close = () => {
  document.activeElement?.blur();
  location.replace(addressOf({ ...wanted, case: "" }));
};

const KEYS = { j: () => step(1), ArrowRight: () => step(1), k: () => step(-1), ArrowLeft: () => step(-1), Escape: close };

at("cases").addEventListener("keydown", (event) => {
  const isWriting = event.target.closest("input, select");
  if (isWriting || event.repeat || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
  if (!Object.hasOwn(KEYS, event.key) || (event.key === "Escape" && !wanted.case)) return;
  event.preventDefault();
  KEYS[event.key]();
});
at("previous").addEventListener("click", () => step(-1));
at("next").addEventListener("click", () => step(1));
at("close").addEventListener("click", close);
at("more").addEventListener("click", () => drawLines(drawn + 1));
form.addEventListener("input", () => {
  const chosen = Object.fromEntries(new FormData(form));
  const stays = fitting(lines, { ...wanted, held: "", ...chosen }, textOf).some((line) => line.id === wanted.case);
  location.replace(addressOf({ ...chosen, case: stays ? wanted.case : "" }));
});
form.addEventListener("reset", (event) => {
  event.preventDefault();
  location.replace(addressOf({ show: usual, case: "" }));
});
form.addEventListener("submit", (event) => event.preventDefault());
addEventListener("hashchange", follow);

form.hidden = at("split").hidden = false;
show(wantedBy(location.hash, usual));
if (isOfCases(location.hash)) settle("");
