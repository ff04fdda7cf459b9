/** What an address says of the list of cases: `#cases?show=wrong&gold=…&case=…`. A link holds the filter and the open case. */
const PLACE = "#cases";
export const FILTERS = ["show", "harm", "reason", "gold", "read", "tag", "language", "words", "held"];

/** Whether an address is about the list of cases. */
export const isOfCases = (hash) => hash === PLACE || hash.startsWith(`${PLACE}?`);

/** The filter and the case that an address asks for; `usual` is what is shown where it does not say. */
export const wantedBy = (hash, usual) => {
  const given = new URLSearchParams(isOfCases(hash) ? hash.slice(PLACE.length + 1) : "");
  const wanted = { case: given.get("case") ?? "" };
  for (const name of FILTERS) wanted[name] = given.get(name) ?? "";
  wanted.show ||= usual;
  return wanted;
};

/** The address of a filter and a case. */
export const addressOf = (wanted) => {
  const said = new URLSearchParams();
  for (const name of [...FILTERS, "case"]) if (wanted[name]) said.set(name, wanted[name]);
  return `${PLACE}?${said}`;
};
