/**
 * What becomes of a composer's text when a note is put in, or taken out again.
 *
 * In: the text as it stands, the note, and the note of ours that was put in before on this ticket, if one was. Out: the new text,
 * or null where the agent changed that earlier note: two of ours that contradict each other never stand in one composer, and
 * nothing that an agent wrote is taken away. Blanks count for nothing: editors change them.
 */

const LONG_LINE = 20;

export function withNote(text, note, earlier = null) {
  if (squeezed(text).includes(squeezed(note))) return text;
  const before = squeezed(earlier ?? "") === "" ? null : pattern(earlier);
  if (before?.test(text)) return text.replace(before, () => note);
  if (before !== null && longLines(earlier).some((line) => squeezed(text).includes(line))) return null;
  return text.trim() === "" ? note : `${text}\n\n${note}`;
}

/** The text without an unchanged note of ours; null where none stands in it. */
export function withoutNote(text, note) {
  const ours = squeezed(note) === "" ? null : pattern(note).exec(text);
  if (ours === null) return null;
  const around = [text.slice(0, ours.index).trimEnd(), text.slice(ours.index + ours[0].length).trimStart()];
  return around.filter(Boolean).join("\n\n");
}

/** Does the text hold the note, or half of its lines? An agent may have changed the rest. */
export function holdsMost(text, note) {
  const lines = longLines(note);
  const found = lines.filter((line) => squeezed(text).includes(line)).length;
  return squeezed(text).includes(squeezed(note)) || (lines.length > 0 && found * 2 >= lines.length);
}

const longLines = (note) => note.split("\n").map(squeezed).filter((line) => line.length >= LONG_LINE);

const pattern = (note) => new RegExp(note.trim().split(/\s+/).map(literal).join("\\s+"));

const literal = (word) => word.replace(/[.*+?^${}()|[\]\\]/g, "\\$&");

const squeezed = (text) => text.replace(/\s+/g, " ").trim();
