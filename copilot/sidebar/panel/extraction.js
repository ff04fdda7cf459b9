// The agent's working copy of the facts. Comes in: the facts of a suggestion. Goes out: new copies with one correction each, and
// the extraction to decide on. It judges nothing: whether a fact counts, and what follows, is for the service to say.

export const TYPES = ["threat", "demand", "damage_claim", "dispute"];
export const FIELDS = {
  threat: ["by", "against", "harm", "asset"],
  demand: ["by", "of", "kind"],
  damage_claim: ["by", "against", "harm", "asset", "intent", "motive"],
  dispute: ["kind"],
};
export const SIDES = { threat: ["by", "against"], demand: ["by", "of"], damage_claim: ["by", "against"], dispute: [] };

// An extraction holds each type of fact in a list of its own, called by the plural.
const listOf = (type) => `${type}s`;
export const typeOf = (list) => list.slice(0, -1);

const newKey = () => `f${crypto.randomUUID().slice(0, 8)}`;

// `leads` marks what counted at first: it keeps its place on the screen, whatever a correction makes of it.
export function fromShown({ parties, facts }) {
  const own = facts.map((fact) => ({ ...fact, key: newKey(), leads: fact.counted }));
  return { parties: parties.map((party) => ({ ...party })), facts: own };
}

export function toExtraction(work) {
  const extraction = { parties: work.parties.map(({ id, role, is_reporter, name }) => ({ id, role, is_reporter, name })) };
  for (const type of TYPES) extraction[listOf(type)] = standing(work, type).map(plain);
  return extraction;
}

const standing = (work, type) => work.facts.filter((fact) => fact.type === type && !fact.removed);

function plain(fact) {
  const fields = FIELDS[fact.type].map((name) => [name, fact[name]]);
  return Object.fromEntries([...fields, ["evidence", fact.evidence]]);
}

// What the service made of the working copy: its facts with their weights, and in their old places those that are removed. A fact
// that it dropped stays too, without a weight, so that nobody's correction vanishes from the screen.
export function weighed(work, shown) {
  const facts = TYPES.flatMap((type) => weighedOfType(work, shown, type));
  return { parties: shown.parties.map((party) => ({ ...party })), facts };
}

function weighedOfType(work, shown, type) {
  const drops = shown.dropped.filter((drop) => drop.list === listOf(type));
  const dropped = new Map(drops.map((drop) => [drop.index, drop.reason.code]));
  const sent = standing(work, type);
  const kept = sent.filter((_, index) => !dropped.has(index));
  const found = shown.facts.filter((fact) => fact.type === type);
  const sameCount = kept.length === found.length;
  const answers = new Map();
  found.forEach((fact, index) => {
    const own = sameCount ? kept[index] : kept.find((one) => !answers.has(one.key) && isSame(one, fact));
    answers.set(own?.key ?? newKey(), { ...own, ...fact, dropped: undefined });
  });
  const own = work.facts.filter((fact) => fact.type === type);
  const rows = own.flatMap((fact) => row(fact, answers, dropped.get(sent.indexOf(fact))));
  const known = new Set(work.facts.map((fact) => fact.key));
  return [...rows, ...[...answers].filter(([key]) => !known.has(key)).map(([key, fact]) => ({ ...fact, key }))];
}

function row(fact, answers, dropReason) {
  if (fact.removed) return [fact];
  if (dropReason) return [{ ...fact, counted: false, reason: null, dropped: dropReason }];
  return answers.has(fact.key) ? [answers.get(fact.key)] : [];
}

const isSame = (one, other) => FIELDS[one.type].every((name) => one[name] === other[name]);

const withFact = (work, key, change) => ({ ...work, facts: work.facts.map((fact) => (fact.key === key ? change(fact) : fact)) });

// Whoever is chosen for one side and stands on the other changes places with it.
export function setField(work, key, name, value) {
  let swapped = false;
  const next = withFact(work, key, (fact) => {
    const other = SIDES[fact.type].find((side) => side !== name);
    swapped = SIDES[fact.type].includes(name) && fact[other] === value;
    return { ...fact, ...(swapped ? { [other]: fact[name] } : {}), [name]: value, corrected: true };
  });
  return { work: next, swapped };
}

export const remove = (work, key, removed) => withFact(work, key, (fact) => ({ ...fact, removed }));

export const addFact = (work, fact) => ({ ...work, facts: [...work.facts, { ...fact, key: newKey(), added: true }] });

export function addParty(work) {
  const party = { id: `p${work.parties.length + 1}`, role: "unknown", is_reporter: false, name: null };
  return { ...work, parties: [...work.parties, party] };
}

// A fact has two sides. Where fewer people were read, the ticket's own are taken, the reporter first, else somebody not known.
export function withTwoSides(work, ticket) {
  const isReporter = (person) => person.id === ticket.reporter;
  const people = [...(ticket.participants ?? [])].sort((one, other) => isReporter(other) - isReporter(one));
  let next = work;
  while (next.parties.length < 2 || next.parties.every((party) => party.is_reporter)) {
    const person = people[next.parties.length];
    const isFirst = next.parties.length === 0 && person !== undefined && isReporter(person);
    const { parties } = addParty(next);
    const made = { ...parties.at(-1), role: person?.role ?? "unknown", is_reporter: isFirst };
    next = { ...next, parties: parties.with(-1, made) };
  }
  return next.parties;
}

export function setRole(work, id, role) {
  return { ...work, parties: work.parties.map((party) => (party.id === id ? { ...party, role } : party)) };
}

export function setReporter(work, id) {
  return { ...work, parties: work.parties.map((party) => ({ ...party, is_reporter: party.id === id })) };
}
