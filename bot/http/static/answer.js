// One question with its answer on the page: while it comes, when it is whole, and when it fails.

import { answerActions } from "./answer-actions.js";
import { answerLines, chips } from "./answer-lines.js";
import { Problem, wordsFor } from "./api.js";
import { button, element } from "./dom.js";
import { describe, moment } from "./format.js";
import { widening } from "./widening.js";
import { wordsOf } from "./words.js";

let made = 0;

/**
 * What a turn may ask of its page.
 * @typedef {{openCitation: (citation: object, opener: HTMLElement) => void,
 *   askAgain: (question: string, how: {filters: object, widened: string[]}) => void,
 *   focusBox: () => void}} Page
 */

export class Turn {
  #question;
  #filters;
  #widened;
  #page;
  #citations = new Map();
  #understood = element("p", { class: "understood", hidden: true });
  #text = element("div", { class: "answer-text" });
  #state = element("p", { class: "state" }, "Đang tìm trong kho bài viết…");
  #below = element("div", { class: "below" });
  #timer = 0;

  /**
   * @param {string} question
   * @param {{province?: string[], source?: string[], from?: string, to?: string}} filters
   * @param {string[]} widened what of the question restricts nothing: place, period
   * @param {Page} page
   */
  constructor(question, filters, widened, page) {
    this.#question = question;
    this.#filters = filters;
    this.#widened = widened;
    this.#page = page;
    made += 1;
    const heading = element("h2", { id: `turn-${made}`, class: "question" }, question);
    const given = [
      describe(filters) && `Chỉ tìm: ${describe(filters)}`,
      widened.includes("place") && "Tìm ở mọi nơi",
      widened.includes("period") && "Tìm ở mọi thời gian",
    ].filter(Boolean);
    this.element = element(
      "article",
      { class: "turn", "aria-labelledby": heading.id, "aria-busy": "true" },
      heading,
      given.length ? element("p", { class: "given" }, given.join(". ")) : null,
      this.#understood,
      this.#text,
      this.#state,
      this.#below,
    );
  }

  /** The question as it was read. */
  showUnderstood(question) {
    this.#showUnderstood(question === this.#question ? null : question, "vi");
  }

  addCitation(citation) {
    this.#citations.set(citation.number, citation);
  }

  /** A sentence as it comes, with its chips. */
  addSentence(sentence) {
    const cited = sentence.citations.map((number) => this.#citations.get(number)).filter(Boolean);
    const line = this.#text.lastElementChild ?? element("p");
    line.append(
      element("span", { class: "sentence", lang: "vi" }, sentence.text),
      ...chips(cited, wordsOf("vi"), this.#page.openCitation),
      " ",
    );
    if (!line.isConnected) this.#text.append(line);
    this.#state.textContent = "Đang viết tiếp…";
  }

  /** The whole answer, which counts where it differs from what came before. */
  finish(answer, askedAt = null) {
    const words = wordsOf(answer.language);
    const chip = this.#focusedChip();
    this.#end();
    this.element.dataset.outcome = answer.outcome;
    const isTold = answer.understood && answer.text.includes(answer.understood);
    this.#showUnderstood(isTold ? null : answer.understood, answer.language);
    this.#text.lang = answer.language;
    this.#text.replaceChildren(...answerLines(answer, words, this.#page.openCitation));
    const parts = [
      askedAt ? element("p", { class: "quiet" }, `Đã trả lời lúc ${moment(askedAt)}.`) : null,
      this.#widening(answer),
      ...answerActions(this.#question, answer, words, this.#page),
    ];
    this.#below.replaceChildren(...parts.filter(Boolean));
    if (chip >= 0) this.element.querySelectorAll(".chip")[chip]?.focus({ preventScroll: true });
  }

  /** The person has stopped it. */
  stop() {
    this.#end();
    this.#failure("Đã dừng theo yêu cầu.", false);
  }

  fail(error) {
    this.#end();
    const isRefused = error instanceof Problem && error.status < 500 && error.status !== 429;
    this.#failure(wordsFor(error), true, error.retryAfter ?? 0, isRefused);
  }

  #end() {
    clearInterval(this.#timer);
    this.element.setAttribute("aria-busy", "false");
    this.#state.remove();
  }

  #failure(words, isProblem, seconds = 0, isRefused = false) {
    const again = button(isProblem ? "Thử lại" : "Hỏi lại", () => {
      this.element.remove();
      this.#page.askAgain(this.#question, { filters: this.#filters, widened: this.#widened });
    });
    if (seconds > 0) this.#countDown(again, seconds);
    const parts = [
      element("p", { class: isProblem ? "problem" : "quiet" }, words),
      isRefused ? null : element("p", { class: "choices" }, again),
    ];
    this.#below.replaceChildren(...parts.filter(Boolean));
  }

  /** Nobody has to guess when it is worth to ask again. */
  #countDown(again, seconds) {
    const label = again.textContent;
    let left = seconds;
    const show = () => {
      again.disabled = left > 0;
      again.textContent = left > 0 ? `${label} sau ${left} giây` : label;
      if (left <= 0) clearInterval(this.#timer);
      left -= 1;
    };
    show();
    this.#timer = setInterval(show, 1000);
  }

  #showUnderstood(question, language) {
    this.#understood.hidden = !question;
    this.#understood.replaceChildren(
      element("span", { lang: language }, wordsOf(language).understood),
      ` “${question ?? ""}”`,
    );
  }

  #focusedChip() {
    return [...this.element.querySelectorAll(".chip")].indexOf(document.activeElement);
  }

  #widening(answer) {
    const again = (change) =>
      this.#page.askAgain(this.#question, {
        filters: this.#filters,
        widened: this.#widened,
        ...change,
      });
    return widening(answer, this.#widened, Boolean(describe(this.#filters)), {
      widen: (widened) => again({ widened }),
      dropFilters: () => again({ filters: {} }),
    });
  }
}
