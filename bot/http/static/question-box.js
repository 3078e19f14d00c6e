// The box for the question: Enter asks, Shift + Enter begins a line, a counter warns near the end.

import { byId } from "./dom.js";
import { count } from "./format.js";
import { characterCount } from "./offsets.js";

const LONGEST = 1000;
const WARN_FROM = 900;

export class QuestionBox {
  #box = byId("question");
  #counter = byId("counter");
  #send = byId("send");
  #stop = byId("stop");
  #actions;

  /** @param {{ask: (question: string) => boolean, stop: () => void}} actions */
  constructor(actions) {
    this.#actions = actions;
    this.#box.addEventListener("input", () => this.#count());
    this.#box.addEventListener("keydown", (event) => {
      // While an input method composes a syllable, Enter belongs to it.
      const isComposing = event.isComposing || event.keyCode === 229;
      if (event.key !== "Enter" || event.shiftKey || isComposing) return;
      event.preventDefault();
      this.#ask();
    });
    byId("ask").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#ask();
    });
    this.#stop.addEventListener("click", () => {
      this.#actions.stop();
      this.focus();
    });
    this.#count();
  }

  /** While an answer comes, it can be stopped. */
  set isBusy(isBusy) {
    this.#send.hidden = isBusy;
    this.#stop.hidden = !isBusy;
  }

  focus() {
    this.#box.focus();
  }

  blur() {
    this.#box.blur();
  }

  clear() {
    this.#box.value = "";
    this.#count();
  }

  get #question() {
    return this.#box.value.normalize("NFC").trim();
  }

  #ask() {
    if (!this.#stop.hidden) return;
    const length = characterCount(this.#question);
    if (length === 0 || length > LONGEST) {
      this.focus();
      return;
    }
    if (this.#actions.ask(this.#question)) this.clear();
  }

  #count() {
    const length = characterCount(this.#question);
    const isTooLong = length > LONGEST;
    this.#box.setAttribute("aria-invalid", String(isTooLong));
    this.#counter.classList.toggle("problem", isTooLong);
    if (isTooLong) {
      const over = count(length - LONGEST);
      this.#counter.textContent = `Dài quá ${over} ký tự: xin hỏi trong tối đa ${count(LONGEST)} ký tự.`;
    } else {
      this.#counter.textContent =
        length < WARN_FROM ? "" : `${count(length)}/${count(LONGEST)} ký tự`;
    }
  }
}
