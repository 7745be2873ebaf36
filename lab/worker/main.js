// The worker: takes the messages.

import { Repeater } from "./repeater.js";
import { Trainer } from "./trainer.js";
import { Waiter } from "./waiter.js";

if (typeof WorkerGlobalScope !== "undefined") {
  /** @type {Trainer | Repeater | Waiter | undefined} */
  let worker;
  /** @type {Post} */
  const post = (told) => self.postMessage(told);
  self.onmessage = ({ data }) => {
    if (data.command === "start") worker = new Trainer(data, post);
    else if (data.command === "repeat") worker = new Repeater(data, post);
    else if (data.command === "wait") worker = new Waiter(data, post);
    else worker?.receive(data);
  };
}
