// Which sentences and facts stand in one card. Comes in: facts with their evidence. Goes out: cards, the gravest fact's first. Every
// fact stands in one card, under the sentence that most facts share, and every sentence in one, with whatever rests on it.

export function cards(facts) {
  const shared = new Map();
  for (const fact of facts) for (const id of fact.evidence) shared.set(id, (shared.get(id) ?? 0) + 1);
  const found = new Map();
  for (const fact of facts) {
    const id = fact.evidence.reduce((best, one) => (shared.get(one) > shared.get(best) ? one : best), fact.evidence[0]);
    found.set(id, [...(found.get(id) ?? []), fact]);
  }
  const placed = new Set(found.keys());
  return [...found].map(([id, own]) => {
    const others = [...new Set(own.flatMap((fact) => (fact.removed ? [] : fact.evidence)))].filter((one) => !placed.has(one));
    for (const one of others) placed.add(one);
    return { id, ids: [id, ...others], facts: own };
  });
}
