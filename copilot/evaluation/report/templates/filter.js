/** Which lines of the list fit what is wanted. */
const SHOWN = new Map([
  ["wrong", ["wrong"]],
  ["right", ["right"]],
  ["all", ["wrong", "right"]],
  ["arguable", ["arguable"]],
  ["unscored", ["unscored"]],
]);
const LISTED = ["harm", "reason", "gold", "read", "tag", "language"];

/** A held-out ticket is read by nobody who makes a reader better: its text is shown only to those who ask for it. */
export const isVeiled = (line, wanted) => line.held_out && wanted.held !== "shown";

/** The lines that fit. `textOf` gives what can be searched of a case by its id, in small letters. */
export const fitting = (lines, wanted, textOf) => {
  const parts = SHOWN.get(wanted.show) ?? [];
  const words = wanted.words.trim().toLowerCase();
  const found = (line) => line.id.toLowerCase().includes(words) || (!isVeiled(line, wanted) && textOf(line.id).includes(words));
  return lines.filter(
    (line) =>
      parts.includes(line.status) &&
      LISTED.every((name) => !wanted[name] || line[name].includes(wanted[name])) &&
      (!words || found(line)),
  );
};
