// A clock that ticks each second for as long as there is something to count. Comes in: what to do; false ends the ticking.

const SECOND_MS = 1000;

export class Ticker {
  #timer = null;

  constructor(tick) {
    this.tick = tick;
  }

  start() {
    this.#timer ??= setInterval(() => {
      if (this.tick()) return;
      clearInterval(this.#timer);
      this.#timer = null;
    }, SECOND_MS);
  }
}
