(() => {
  const form = document.getElementById("filter");
  const cards = Array.from(document.querySelectorAll("[data-case]"));
  if (!form || !cards.length) return;
  const shown = document.getElementById("shown");
  const holds = (card, field, wanted) =>
    field === "tags" ? card.dataset.tags.split(" ").includes(wanted) : card.dataset[field] === wanted;
  const apply = () => {
    const wanted = Array.from(form.querySelectorAll("select")).filter((one) => one.value);
    const words = form.querySelector("input").value.trim().toLowerCase();
    let count = 0;
    for (const card of cards) {
      const fits = wanted.every((one) => holds(card, one.name, one.value));
      card.hidden = !(fits && (!words || card.textContent.toLowerCase().includes(words)));
      if (!card.hidden) count += 1;
    }
    shown.textContent = `${count} of ${cards.length} shown`;
  };
  form.hidden = false;
  form.addEventListener("input", apply);
  form.addEventListener("reset", () => setTimeout(apply));
  form.addEventListener("submit", (event) => event.preventDefault());
  apply();
})();
