/**
 * The console simulator: a support console to try the panel in, and the bench of its browser tests.
 *
 * In: tickets.json, and from the address `ticket`, `host` (zendesk, frame, chatwoot), `network` (normal, slow, offline, expired,
 * busy), `reload=1`, `stuck=1`. Tests look at `window.desk`. Nothing leaves the browser but what the panel asks of its service.
 */
import { Desk } from "./desk.js";
import { Mount } from "./mount.js";
import { TriageQueue } from "./triage_queue.js";
import { byId, drawForm, drawQueue, drawThread, drawTicket, markCurrent, revealMessage, showNotice } from "./views.js";

const ARROWS = { ArrowDown: 1, ArrowUp: -1 };
const switches = byId("simulate").elements;
const choices = () => ({ host: switches.host.value, network: switches.network.value });

async function start() {
  const desk = new Desk(await (await fetch("/console/tickets.json")).json());
  const mount = new Mount(desk, byId("mount"), { choices, reveal: revealMessage });
  window.desk = desk;
  fromAddress(desk);
  drawQueue(desk);
  listenToDesk(desk, mount);
  listenToAgent(desk);
  listenToSwitches(desk, mount);
  const triage = new TriageQueue(desk);
  desk.open(Number(new URLSearchParams(location.search).get("ticket")));
  triage.ask();
}

/** The switches as the address has them. */
function fromAddress(desk) {
  const query = new URLSearchParams(location.search);
  for (const name of ["host", "network"]) {
    const isThere = [...switches[name].options].some((option) => option.value === query.get(name));
    if (isThere) switches[name].value = query.get(name);
  }
  for (const name of ["reload", "stuck"]) desk.faults[name] = switches[name].checked = query.get(name) === "1";
}

function listenToDesk(desk, mount) {
  desk.addEventListener("opened", () => {
    markCurrent(desk);
    drawTicket(desk);
    drawForm(desk);
    byId("conversation").scrollTop = 0;
    mount.load({ takesKeys: true });
  });
  desk.addEventListener("conversation", () => {
    drawThread(desk);
    byId("conversation").lastElementChild?.scrollIntoView({ block: "nearest" });
  });
  desk.addEventListener("form", () => drawForm(desk));
  desk.addEventListener("submitted", () => drawForm(desk));
  desk.addEventListener("notice", (event) => showNotice(event.detail));
}

function listenToAgent(desk) {
  byId("queue").addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (button !== null) desk.open(Number(button.dataset.ticket));
  });
  byId("queue").addEventListener("keydown", moveInQueue);
  byId("customer-writes").addEventListener("click", () => desk.customerWrites());
  byId("draft").addEventListener("input", () => desk.edit({ text: byId("draft").value }));
  byId("group").addEventListener("change", () => desk.edit({ group: Number(byId("group").value) }));
  const tabs = [...byId("composer").querySelectorAll('[role="tab"]')];
  for (const tab of tabs) {
    tab.addEventListener("click", () => desk.edit({ mode: tab.dataset.mode }));
    tab.addEventListener("keydown", (event) => {
      if (event.key !== "ArrowLeft" && event.key !== "ArrowRight") return;
      const other = tabs[1 - tabs.indexOf(tab)];
      other.focus();
      desk.edit({ mode: other.dataset.mode });
    });
  }
  byId("composer").addEventListener("submit", (event) => {
    event.preventDefault();
    desk.submit();
  });
}

function moveInQueue(event) {
  const step = ARROWS[event.key];
  if (step === undefined) return;
  const buttons = [...byId("queue").querySelectorAll("button")];
  buttons[buttons.indexOf(document.activeElement) + step]?.focus();
  event.preventDefault();
}

function listenToSwitches(desk, mount) {
  switches.host.addEventListener("change", () => mount.load());
  switches.network.addEventListener("change", () => mount.connectionChanged());
  for (const name of ["reload", "stuck"]) switches[name].addEventListener("change", () => (desk.faults[name] = switches[name].checked));
  byId("remount").addEventListener("click", () => mount.load());
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape") byId("bench").open = false;
  });
  document.addEventListener("click", (event) => {
    if (!byId("bench").contains(event.target)) byId("bench").open = false;
  });
}

start();
