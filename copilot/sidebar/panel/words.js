// Words of one locale. Comes in: a path into the table of words and what to fill in. Goes out: text, or nodes where a filling is a
// node. A missing path shows itself by its name, and a test finds it; nothing falls back to another language unseen.

let strings = {};
let plural = new Intl.PluralRules("en");

// The table is the one that the service itself speaks from; the page names the address of each. Raises what `fetch` raises.
export async function useLocale(wanted) {
  const name = chosen(wanted);
  strings = await tableOf(name);
  plural = new Intl.PluralRules(name);
  return { lang: name, dir: strings.dir };
}

// The languages there are, each with the address of its table, as the page names them.
const addresses = () => JSON.parse(document.querySelector("meta[name=copilot-words]").content);

export const languages = () => Object.keys(addresses());

// All words of a language, whichever the panel speaks: a customer may write another.
export async function tableOf(name) {
  return name === strings.lang ? strings : (await fetch(addresses()[name])).json();
}

function chosen(wanted) {
  const bases = wanted.filter(Boolean).map((one) => String(one).toLowerCase().split(/[-_]/)[0]);
  return bases.find((base) => languages().includes(base)) ?? "en";
}

// The values of a group: each vocabulary stands in the strings, value by value, and a test holds it to be complete.
export const values = (group) => Object.keys(strings[group]);

export const group = (name) => strings[name];
export const lang = () => strings.lang;
export const has = (path) => look(path) !== undefined;

export function t(path, fill = {}) {
  return parts(path, fill).join("");
}

// The same with nodes as fillings: the locale's own word order stays.
export function parts(path, fill = {}) {
  let text = look(path);
  if (text !== null && typeof text === "object") text = text[plural.select(Number(fill.n ?? 0))] ?? text.other;
  if (text === undefined) return [path];
  return text.split(/\{(\w+)\}/).map((piece, at) => (at % 2 ? (fill[piece] ?? "") : piece)).filter((piece) => piece !== "");
}

const look = (path) => path.split(".").reduce((at, name) => at?.[name], strings);

export const listed = (words) => words.filter(Boolean).join(t("comma"));

export const number = (value) => new Intl.NumberFormat(strings.lang, { maximumFractionDigits: 1 }).format(value);

export function time(iso) {
  const at = iso ? new Date(iso) : null;
  if (!at || Number.isNaN(at.getTime())) return "";
  const isToday = at.toDateString() === new Date().toDateString();
  const day = isToday ? {} : { day: "numeric", month: "short" };
  return new Intl.DateTimeFormat(strings.lang, { ...day, hour: "2-digit", minute: "2-digit" }).format(at);
}
