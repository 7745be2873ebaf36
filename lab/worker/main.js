// The worker: takes the messages.

import { Repeater } from "./repeater.js";
import { Trainer } from "./trainer.js";

if (typeof WorkerGlobalScope !== "undefined") {
  let worker = null;
  const post = self.postMessage.bind(self), kinds = { start: Trainer, repeat: Repeater };
  self.onmessage = ({ data }) => {
    const kind = kinds[data.command];
    if (kind) worker = new kind(data, post);
    else worker?.receive(data);
  };
}
