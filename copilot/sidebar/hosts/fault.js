/**
 * What can go wrong between the panel and the page around it, as a code that the panel has words for.
 *
 * Codes: no_host (nobody embeds the page), origin (the embedding page is not allowed), no_answer (it did not answer in
 * time), host_error (it answered with an error), no_text (the ticket holds nothing that can be read). A message never holds
 * ticket text.
 */
export class HostFault extends Error {
  constructor(code, message) {
    super(message);
    this.name = "HostFault";
    this.code = code;
  }
}

/** The promise's value, or a `no_answer` fault after so many milliseconds. `what` names the call, never its content. */
export function within(milliseconds, what, promise) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new HostFault("no_answer", `${what}: no answer in ${milliseconds} ms`)), milliseconds);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

/** A pause. */
export function pause(milliseconds) {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
