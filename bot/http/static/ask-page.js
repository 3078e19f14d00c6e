// The page "/": takes questions, shows the answers, the newest first.

import { showAccount } from "./account.js";
import { Turn } from "./answer.js";
import { ask, getJson, isAbort } from "./api.js";
import { ArticlePanel } from "./article-panel.js";
import { newConversationId } from "./conversation.js";
import { button, byId } from "./dom.js";
import { Filters } from "./filters.js";
import { count, day } from "./format.js";
import { HistoryList } from "./history-list.js";
import { History } from "./history.js";
import { QuestionBox } from "./question-box.js";

class AskPage {
  #conversation = newConversationId();
  #running = null;
  #filters = new Filters();
  #panel = new ArticlePanel();
  #history = new History();
  #box = new QuestionBox({ ask: (question) => this.#typed(question), stop: () => this.#stop() });
  #turns = byId("turns");
  #told = byId("told");
  #list = new HistoryList(this.#history, (entry) => this.#reopen(entry));

  /** What a turn may ask of this page. */
  #page = {
    openCitation: (citation, opener) => this.#panel.open(citation, opener),
    askAgain: (question, how) => {
      this.#ask(question, how.filters, how.widened);
      this.#focusTurn(this.#turns.firstElementChild);
    },
    focusBox: () => this.#box.focus(),
  };

  start() {
    byId("new-conversation").addEventListener("click", () => this.#startAnew());
    showAccount();
    this.#showArchive();
    this.#showSuggestions();
  }

  #typed(question) {
    if (!this.#filters.check()) return false;
    this.#ask(question, this.#filters.value, []);
    return true;
  }

  async #ask(question, filters, widened) {
    this.#stop();
    const turn = new Turn(question, filters, widened, this.#page);
    this.#turns.prepend(turn.element);
    this.#showBegun(true);
    const running = new AbortController();
    this.#running = running;
    this.#box.isBusy = true;
    this.#told.textContent = "Đang tìm trong kho bài viết.";
    this.#bringIntoSight(turn.element);
    const conversation = this.#conversation;
    const request = { question, conversation_id: conversation };
    if (Object.keys(filters).length) request.filters = filters;
    if (widened.length) request.widen = widened;
    try {
      for await (const { event, data } of ask(request, running.signal)) {
        if (event === "understood") turn.showUnderstood(data.question);
        else if (event === "citation") turn.addCitation(data);
        else if (event === "sentence") turn.addSentence(data);
        else if (event === "done") this.#finish(turn, data, { question, filters, conversation });
      }
    } catch (error) {
      if (isAbort(error)) turn.stop();
      else turn.fail(error);
      this.#told.textContent = isAbort(error) ? "Đã dừng." : error.message;
    } finally {
      if (this.#running === running) {
        this.#running = null;
        this.#box.isBusy = false;
      }
    }
  }

  /** On a phone the box and its keyboard would hide the answer. */
  #bringIntoSight(turn) {
    if (matchMedia("(pointer: coarse)").matches) this.#box.blur();
    const isNarrow = !matchMedia("(min-width: 64rem)").matches;
    const isRead = turn.getBoundingClientRect().top < 0;
    if (!isRead) turn.scrollIntoView({ block: isNarrow ? "start" : "nearest" });
  }

  #finish(turn, answer, asked) {
    turn.finish(answer);
    this.#bringIntoSight(turn.element);
    // The finished answer is announced, once; what came before is not.
    this.#told.textContent = `Câu trả lời: ${answer.text}`;
    const id = answer.trace_id ?? `${asked.conversation}-${Date.now()}`;
    turn.element.dataset.answer = id;
    if (answer.outcome === "small_talk") return;
    this.#history.add({ id, ...asked, askedAt: new Date().toISOString(), answer });
    this.#list.show();
  }

  #stop() {
    this.#running?.abort();
  }

  /** An answer of the history: as it was given, not asked again. */
  #reopen(entry) {
    const shown = [...this.#turns.children].find((turn) => turn.dataset.answer === entry.id);
    if (!shown) {
      const turn = new Turn(entry.question, entry.filters ?? {}, [], this.#page);
      turn.finish(entry.answer, entry.askedAt);
      turn.element.dataset.answer = entry.id;
      this.#turns.prepend(turn.element);
      this.#showBegun(true);
    }
    this.#focusTurn(shown ?? this.#turns.firstElementChild);
  }

  #focusTurn(turn) {
    const heading = turn.querySelector("h2");
    heading.tabIndex = -1;
    heading.focus({ preventScroll: true });
    turn.scrollIntoView({ block: "start" });
  }

  #startAnew() {
    this.#stop();
    this.#panel.close();
    this.#conversation = newConversationId();
    this.#turns.replaceChildren();
    this.#showBegun(false);
    this.#told.textContent = "Đã bắt đầu cuộc trò chuyện mới.";
    this.#box.clear();
    this.#box.focus();
  }

  /** Once there is an answer, what introduces the page makes room for it. */
  #showBegun(hasBegun) {
    byId("main").classList.toggle("begun", hasBegun);
    byId("new-conversation").hidden = !hasBegun;
    byId("suggestions").hidden = hasBegun || !byId("suggestions-list").children.length;
  }

  async #showArchive() {
    try {
      const archive = await getJson("/v1/archive");
      this.#filters.offer(archive);
      const days = archive.first ? `, từ ${day(archive.first)} đến ${day(archive.last)}` : "";
      byId("holdings").textContent = `Kho hiện có ${count(archive.articles)} bài viết${days}.`;
    } catch {
      // The box works without it; asking says what is wrong.
    }
  }

  async #showSuggestions() {
    try {
      const { questions } = await getJson("/v1/suggestions");
      const items = questions.map((question) => {
        const item = document.createElement("li");
        item.append(button(question, () => this.#typed(question)));
        return item;
      });
      byId("suggestions-list").replaceChildren(...items);
      this.#showBegun(this.#turns.children.length > 0);
    } catch {
      // Nothing is suggested then.
    }
  }
}

new AskPage().start();
