/**
 * The panel's iframe beside the open ticket, and the host that speaks with it.
 *
 * In: the desk, the place, and `{host, network}` of the moment. One ticket, one iframe, as a console does it.
 */
import { FrameHost } from "./frame_host.js";
import { simulateNetwork, tellConnection } from "./network.js";
import { ZafHost } from "./zaf_host.js";

const APP_GUID = "simulated-app";

export class Mount {
  #host = null;
  #frame = null;

  constructor(desk, place, { choices, reveal }) {
    Object.assign(this, { desk, place, choices, reveal });
    window.addEventListener("message", (event) => this.#firstWord(event), { capture: true });
  }

  load() {
    this.#host?.close();
    this.#frame?.remove();
    const frame = document.createElement("iframe");
    frame.title = "Triage Copilot";
    frame.name = "triage-copilot";
    this.#frame = frame;
    this.#host = this.#hostFor(frame, this.choices().host);
    frame.src = this.#address(this.choices().host);
    this.place.append(frame);
  }

  connectionChanged() {
    if (this.#frame !== null) tellConnection(this.#frame, this.choices().network !== "offline");
  }

  #hostFor(frame, kind) {
    if (kind === "zendesk") return new ZafHost(this.desk, frame, { appGuid: APP_GUID, reload: () => frame.contentWindow.location.reload() });
    return new FrameHost(this.desk, frame, { reveal: this.reveal, session: () => null, chatwoot: kind === "chatwoot" });
  }

  #address(kind) {
    const query = new URLSearchParams({ origin: location.origin, app_guid: APP_GUID });
    return kind === "zendesk" ? `/zendesk/sidebar?${query}` : "/sidebar";
  }

  /** Whatever the panel says first, it says before it asks its service: the moment to come between. */
  #firstWord(event) {
    if (event.source !== this.#frame?.contentWindow || event.origin !== location.origin) return;
    simulateNetwork(this.#frame, () => this.choices().network);
    if (this.choices().network === "offline") this.connectionChanged();
  }
}
