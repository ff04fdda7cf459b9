// Corrections taken over to a new reading of a grown ticket. Comes in: the state in which they were made, and the new suggestion.
// Goes out: its facts, the same with every correction whose sentences still stand, how many those are, and the others, to be named.
// It judges nothing: what follows is decided by the service.

import { FIELDS, SIDES, addFact, addParty, fromShown, remove } from "./extraction.js";
import * as phrases from "./phrases.js";
import { t } from "./words.js";

const isIn = (list) => (one) => list.includes(one);

export function carried({ history, work: mended, suggestion: before }, after) {
  const [{ work: first }] = history;
  const base = fromShown(after);
  const carrying = new Carrying(first, mended, base, stillThere(before, after));
  for (const party of mended.parties) carrying.person(party);
  for (const fact of mended.facts) carrying.fact(fact);
  return { first: base, work: carrying.work, count: carrying.count, lost: carrying.lost };
}

// The ids of the sentences that have the same words in both.
function stillThere(before, after) {
  const now = new Map(after.sentences.map((one) => [one.id, one.text]));
  return new Set(before.sentences.filter((one) => now.get(one.id) === one.text).map(({ id }) => id));
}

class Carrying {
  count = 0;
  lost = [];
  #people = new Map(); // a party's id before: its id now

  constructor(first, mended, work, sentences) {
    Object.assign(this, { first, mended, work, sentences });
    for (const party of first.parties) this.#people.set(party.id, samePerson(party, first.parties, work.parties)?.id);
  }

  // A role or a reporter that the agent corrected.
  person(party) {
    const was = this.first.parties.find(({ id }) => id === party.id);
    const change = { role: party.role, is_reporter: party.is_reporter };
    if (!was || (was.role === party.role && was.is_reporter === party.is_reporter)) return;
    const id = this.#people.get(party.id);
    if (id === undefined) this.lost.push(`${phrases.party(this.mended, party.id)}: ${t(`role_option.${party.role}`)}`);
    else this.#take({ ...this.work, parties: this.work.parties.map((one) => (one.id === id ? { ...one, ...change } : one)) });
  }

  fact(fact) {
    const was = this.first.facts.find(({ key }) => key === fact.key);
    const changed = was ? FIELDS[fact.type].filter((name) => was[name] !== fact[name]) : FIELDS[fact.type];
    if (was && !changed.length && !fact.removed) return;
    if (!fact.evidence.every((id) => this.sentences.has(id))) {
      this.lost.push(phrases.fact(this.mended, fact));
      return;
    }
    const now = this.#alike(was ?? fact) ?? this.#alike(fact);
    if (fact.removed) now && this.#take(remove(this.work, now.key, true));
    else if (!now) this.#take(addFact(this.work, this.#translated(fact, { evidence: fact.evidence })));
    else if (was) this.#change(now, fact, changed);
  }

  // The fact of the new reading that says the same of the same sentences, else the only one of its type that rests on them.
  #alike(fact) {
    const near = this.work.facts.filter((one) => one.type === fact.type && !one.added && one.evidence.some(isIn(fact.evidence)));
    const words = FIELDS[fact.type].filter((name) => !SIDES[fact.type].includes(name));
    const same = near.find((one) => words.every((name) => one[name] === fact[name]));
    return same ?? (near.length === 1 && fact.leads !== undefined ? near[0] : undefined);
  }

  #change(now, fact, names) {
    const change = this.#translated(fact, {}, names);
    if (names.every((name) => now[name] === change[name])) return;
    const facts = this.work.facts.map((one) => (one.key === now.key ? { ...one, ...change, corrected: true } : one));
    this.#take({ ...this.work, facts });
  }

  // Fields of a fact with the people of the new reading in them; whoever is not among these is added to them.
  #translated(fact, more, names = FIELDS[fact.type]) {
    const fields = names.map((name) => [name, SIDES[fact.type].includes(name) ? this.#person(fact[name]) : fact[name]]);
    return { type: fact.type, ...Object.fromEntries(fields), ...more };
  }

  #person(id) {
    if (this.#people.get(id) === undefined) {
      const { role, name } = this.mended.parties.find((party) => party.id === id);
      const { parties } = addParty(this.work);
      this.work = { ...this.work, parties: parties.with(-1, { ...parties.at(-1), role, name }) };
      this.#people.set(id, parties.at(-1).id);
    }
    return this.#people.get(id);
  }

  #take(work) {
    this.work = work;
    this.count += 1;
  }
}

// The same person in another reading: by name, else by role and who reports, else as the only other side; never by guess.
function samePerson(party, before, after) {
  const only = (holds) => {
    const found = after.filter(holds);
    return found.length === 1 && before.filter(holds).length === 1 ? found[0] : undefined;
  };
  return (
    (party.name && only(({ name }) => name === party.name)) ||
    only((one) => one.role === party.role && one.is_reporter === party.is_reporter) ||
    only((one) => one.is_reporter === party.is_reporter)
  );
}
