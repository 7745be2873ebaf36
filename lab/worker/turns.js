// Work in short slices, so that a message is never left waiting.

const SLICE = 30; // milliseconds

// Call `work` again and again as long as it returns true. A timer would wait 4 ms at each turn.
export class Turns {
  /** @param {() => boolean} work */
  constructor(work) {
    this.port = new MessageChannel();
    this.port.port1.onmessage = () => {
      this.waiting = false;
      const start = performance.now();
      let more = true;
      while (more && performance.now() - start < SLICE) more = work();
      if (more) this.take();
    };
  }

  take() {
    if (!this.waiting) this.port.port2.postMessage(null);
    this.waiting = true;
  }
}
