/**
 * The panel's iframe beside the open ticket, and the host that speaks with it.
 *
 * In: the desk, the place, and `{host, network}` of the moment. One ticket, one iframe, as a console does it. The panel gets the
 * keyboard when a ticket is opened; keys pressed in it are heard by the console as well, which both being of one origin allows.
 */
import { FrameHost } from "./frame_host.js";
import { simulateNetwork, tellConnection } from "./network.js";
import { ZafHost } from "./zaf_host.js";

const APP_GUID = "simulated-app";
const FIELDS = "input:not([type=checkbox]), textarea, select";

export class Mount {
  #host = null;
  #frame = null;

  constructor(desk, place, { choices, reveal }) {
    Object.assign(this, { desk, place, choices, reveal });
    window.addEventListener("message", (event) => this.#firstWord(event), { capture: true });
  }

  load({ takesKeys = false } = {}) {
    this.#host?.close();
    this.#frame?.remove();
    const frame = document.createElement("iframe");
    frame.title = "Triage Copilot";
    frame.name = "triage-copilot";
    this.#frame = frame;
    this.#host = this.#hostFor(frame, this.choices().host);
    frame.src = this.#address(this.choices().host);
    frame.addEventListener("load", () => this.#loaded(frame, takesKeys));
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

  /** The keyboard goes to a panel that is there, and never away from somebody who types. The console's own keys go on working. */
  #loaded(frame, takesKeys) {
    if (takesKeys && !document.activeElement?.closest(FIELDS)) frame.focus();
    frame.contentDocument?.addEventListener("keydown", (event) => {
      if (event.defaultPrevented || event.composedPath()[0].closest?.(FIELDS)) return;
      const { key, code, ctrlKey, altKey, metaKey } = event;
      frame.dispatchEvent(new KeyboardEvent("keydown", { key, code, ctrlKey, altKey, metaKey, bubbles: true }));
    });
  }

  /** Whatever the panel says first, it says before it asks its service: the moment to come between. */
  #firstWord(event) {
    if (event.source !== this.#frame?.contentWindow || event.origin !== location.origin) return;
    simulateNetwork(this.#frame, () => this.choices().network);
    if (this.choices().network === "offline") this.connectionChanged();
  }
}
