/** Elements made of names and texts. A text never becomes mark-up. */

/** An element with its attributes, and with texts and elements inside; what is null or false is left out. */
export const make = (tag, given = {}, ...inside) => {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(given)) {
    if (value !== null && value !== false) element.setAttribute(name, value);
  }
  element.append(...inside.filter((one) => one !== null && one !== false));
  return element;
};

/** A code of the vocabulary as words. */
export const wordsOf = (code) => code.replaceAll("_", " ");
