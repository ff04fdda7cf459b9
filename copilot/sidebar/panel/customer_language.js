// Which language a customer writes, of those that there are words for. Comes in: a ticket, and how each language is known: by letters
// that it shares with few others, else by its most frequent small words. Goes out: the language's code, or null where it is another,
// a mixture, or too little text to tell.

const LEAST_WORDS = 5;
const LEAST_SHARE_OF_WORDS = 0.2;
const LEAST_SHARE_OF_LETTERS = 0.6;
const MOST_FOREIGN_LETTERS = 0.02;
const LATIN = /\p{Script=Latin}/u;

// `known` is [{lang, letters, words}, …]; `letters` is empty where they tell nothing.
export function customerLanguage(ticket, known) {
  const text = written(ticket).toLowerCase();
  const letters = text.match(/\p{L}/gu) ?? [];
  const byLetters = known.find((one) => one.letters && areOf(letters, new Set(one.letters)));
  if (byLetters) return byLetters.lang;
  const words = text.match(/[\p{L}\p{M}]+/gu) ?? [];
  if (words.length < LEAST_WORDS) return null;
  const frequent = (one) => share(words, new Set(one.words.split(" ")));
  return known.find((one) => !one.letters && frequent(one) >= LEAST_SHARE_OF_WORDS)?.lang ?? null;
}

// Names and brands may stand in Latin letters; those of a sister language, such as Persian beside Arabic, may not.
function areOf(letters, alphabet) {
  const foreign = letters.filter((one) => !alphabet.has(one) && !LATIN.test(one)).length;
  return share(letters, alphabet) >= LEAST_SHARE_OF_LETTERS && foreign <= letters.length * MOST_FOREIGN_LETTERS;
}

const share = (all, known) => (all.length ? all.filter((one) => known.has(one)).length / all.length : 0);

// What the customer wrote, and not support; the latest messages of a long ticket are enough.
function written({ messages, participants = [], reporter }) {
  const staff = new Set(participants.filter(({ role }) => role === "support").map(({ id }) => id));
  const own = messages.filter(({ author = reporter }) => !staff.has(author));
  return own.slice(-5).map(({ text }) => text.slice(0, 4000)).join(" ");
}
