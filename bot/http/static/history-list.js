// The list of what was asked in this browser: to open an answer again, and to delete.

import { remove } from "./api.js";
import { button, byId, element } from "./dom.js";
import { moment } from "./format.js";

export class HistoryList {
  #history;
  #open;
  #list = byId("history-list");
  #told = byId("history-told");
  #clear = byId("history-clear");
  #sure = byId("history-sure");

  /**
   * @param {import("./history.js").History} history
   * @param {(entry: object) => void} open
   */
  constructor(history, open) {
    this.#history = history;
    this.#open = open;
    this.#clear.addEventListener("click", () => this.#ask(true));
    byId("history-no").addEventListener("click", () => {
      this.#ask(false);
      this.#clear.focus();
    });
    byId("history-yes").addEventListener("click", () => this.#deleteAll());
    this.show();
  }

  show() {
    const { entries, isKept } = this.#history;
    byId("history-empty").hidden = entries.length > 0;
    this.#clear.hidden = entries.length === 0;
    byId("history-unkept").hidden = isKept;
    this.#list.replaceChildren(...entries.map((entry) => this.#item(entry)));
  }

  #item(entry) {
    const forget = button("✕", () => this.#deleteOne(entry.id), {
      class: "forget",
      "aria-label": `Bỏ khỏi danh sách: ${entry.question}`,
      title: "Bỏ khỏi danh sách này",
    });
    return element(
      "li",
      {},
      element(
        "button",
        { type: "button", class: "again", on: { click: () => this.#open(entry) } },
        element("span", {}, entry.question),
        element("small", {}, moment(entry.askedAt)),
      ),
      forget,
    );
  }

  #deleteOne(id) {
    const index = this.#history.entries.findIndex((entry) => entry.id === id);
    this.#history.remove(id);
    this.show();
    this.#told.textContent = "Đã bỏ câu hỏi khỏi danh sách.";
    const next = this.#list.querySelectorAll(".forget");
    (next[Math.min(index, next.length - 1)] ?? byId("history-title")).focus();
  }

  #ask(isAsked) {
    this.#sure.hidden = !isAsked;
    this.#clear.hidden = isAsked || this.#history.entries.length === 0;
    if (isAsked) byId("history-no").focus();
  }

  /** Also what the service keeps: its conversations are forgotten there for good. */
  async #deleteAll() {
    const conversations = new Set(this.#history.entries.map((entry) => entry.conversation));
    this.#history.clear();
    this.#sure.hidden = true;
    this.show();
    byId("history-title").focus();
    const done = await Promise.allSettled(
      [...conversations]
        .filter(Boolean)
        .map((id) => remove(`/v1/conversations/${encodeURIComponent(id)}`)),
    );
    const isAll = done.every((one) => one.status === "fulfilled");
    this.#told.textContent = isAll
      ? "Đã xoá trên máy này và trên máy chủ."
      : "Đã xoá trên máy này, nhưng chưa xoá được trên máy chủ.";
  }
}
