// Starts the panel on its page: picks the host adapter by the address, and connects the component. Zendesk gives `origin` and
// `app_guid` to each app; any other page that frames the panel speaks the plain protocol of docs/frame.md.

import { connect as inFrame } from "../hosts/frame.js";
import { connect as inZendesk } from "../hosts/zendesk.js";
import "./triage-copilot.js";

const given = (name) => new URLSearchParams(location.search).get(name) ?? new URLSearchParams(location.hash.slice(1)).get(name);
const panel = document.querySelector("triage-copilot");
const locales = [given("locale"), ...navigator.languages];
const connect = given("origin") && given("app_guid") ? inZendesk : inFrame;

try {
  await panel.connect(await connect(window), locales);
} catch (fault) {
  await panel.stand(fault?.code === "origin" ? "wrong_host" : "no_host", locales);
}
