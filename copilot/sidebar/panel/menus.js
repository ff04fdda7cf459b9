// Menus that a correction hangs on. A closed menu tells a change for every arrow key; such a change is held until Enter, or until
// the menu is left, and Escape takes it back. A choice made with the pointer, or from the open list, counts at once.

const DECIDING = new Set(["field", "role", "reporter"]);
const BY_KEY_MS = 150;
let held = null;
let keyAt = -Infinity;

export const isHeld = (menu) => menu !== null && menu === held;

export function listenToMenus(root, commit) {
  const settle = () => {
    const menu = held;
    held = null;
    if (menu?.isConnected && menu.value !== menu.dataset.value) commit(menu);
  };
  const onKey = (event) => {
    if (!DECIDING.has(event.target.dataset?.change)) return;
    keyAt = performance.now();
    if (!isHeld(event.target) || !["Enter", "Escape"].includes(event.key)) return;
    event.preventDefault();
    event.stopPropagation();
    if (event.key === "Escape") event.target.value = event.target.dataset.value;
    settle();
  };
  root.addEventListener("keydown", onKey);
  root.addEventListener("keypress", onKey);
  root.addEventListener("focusout", settle);
  root.addEventListener("pointerdown", () => (keyAt = -Infinity));
  root.addEventListener("change", ({ target }) => {
    const isByKey = performance.now() - keyAt < BY_KEY_MS;
    held = DECIDING.has(target.dataset.change) && isByKey ? target : null;
    if (held === null) commit(target);
  });
}
