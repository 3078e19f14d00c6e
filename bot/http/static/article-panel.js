// Shows an article: beside the page where there is room, else over it. One <dialog> for both, so
// that Esc, the focus and what a screen reader is told are the same.

import { getArticle, wordsFor } from "./api.js";
import { button, byId, element } from "./dom.js";
import { day } from "./format.js";
import { locate, paragraphs } from "./offsets.js";

const WIDE = matchMedia("(min-width: 64rem)");

export class ArticlePanel {
  #dialog = byId("article");
  #opener = null;
  // Counts what was opened and closed, so that an article that comes too late is not shown.
  #shown = 0;
  // Closed only to be opened in the other way; the event comes later.
  #isMoving = false;
  #onClose;

  /** @param {() => void} onClose after it was closed by the person */
  constructor(onClose = () => {}) {
    this.#onClose = onClose;
    this.#dialog.addEventListener("close", () => this.#closed());
    // A dialog that is not modal does not know Esc.
    document.addEventListener("keydown", (event) => {
      if (event.key === "Escape" && this.isOpen && !event.defaultPrevented) {
        event.preventDefault();
        this.close();
      }
    });
    WIDE.addEventListener("change", () => {
      if (!this.isOpen) return;
      const focused = document.activeElement;
      this.#show();
      if (focused instanceof HTMLElement && this.#dialog.contains(focused)) focused.focus();
    });
  }

  get isOpen() {
    return this.#dialog.open;
  }

  /**
   * @param {{article: string, start?: number, end?: number, quote?: string, label?: string}} wanted
   *   start and end: what to highlight; quote: what must stand there
   * @param {HTMLElement | null} opener gets the focus back
   */
  async open(wanted, opener = null) {
    this.#mark(null);
    this.#opener = opener;
    this.#mark(opener);
    this.#shown += 1;
    const turn = this.#shown;
    this.#fill(wanted.label ?? "Bài viết", [element("p", { class: "quiet" }, "Đang mở bài viết…")]);
    this.#show();
    this.#focusHeading();
    try {
      const article = await getArticle(wanted.article);
      if (turn === this.#shown && this.isOpen) this.#showArticle(article, wanted);
    } catch (error) {
      if (turn !== this.#shown || !this.isOpen) return;
      const again = () => this.open(wanted, opener);
      this.#fill(wanted.label ?? "Bài viết", [
        element("p", { role: "alert" }, wordsFor(error)),
        element("p", {}, button("Thử lại", again)),
      ]);
      this.#focusHeading();
    }
  }

  close() {
    if (this.isOpen) this.#dialog.close();
  }

  #show() {
    const isModal = !WIDE.matches;
    if (this.#dialog.open) {
      if ((this.#dialog.dataset.mode === "over") === isModal) return;
      this.#isMoving = true;
      this.#dialog.close();
    }
    this.#dialog.dataset.mode = isModal ? "over" : "beside";
    document.documentElement.classList.toggle("reading", true);
    if (isModal) this.#dialog.showModal();
    else this.#dialog.show();
  }

  #closed() {
    if (this.#isMoving) {
      this.#isMoving = false;
      return;
    }
    this.#shown += 1;
    document.documentElement.classList.remove("reading");
    const opener = this.#opener;
    this.#mark(null);
    this.#opener = null;
    this.#dialog.replaceChildren();
    if (opener?.isConnected) {
      opener.focus({ preventScroll: true });
      opener.scrollIntoView({ block: "nearest" });
    } else {
      byId("main").focus({ preventScroll: true });
    }
    this.#onClose();
  }

  #mark(opener) {
    this.#opener?.removeAttribute("aria-expanded");
    opener?.setAttribute("aria-expanded", "true");
  }

  #showArticle(article, wanted) {
    const isQuoted = wanted.start !== undefined && wanted.end !== undefined;
    const span = isQuoted ? locate(article.text, wanted) : null;
    const about = [article.source, article.date ? day(article.date) : "không rõ ngày"];
    const body = element(
      "div",
      { class: "article-text", tabindex: "0", role: "region", "aria-label": "Nội dung bài viết" },
      isQuoted && !span ? lostQuote(wanted.quote) : null,
      paragraphs(article.text, span).map((pieces) =>
        element(
          "p",
          {},
          pieces.map(({ text, isMarked }) => (isMarked ? element("mark", {}, text) : text)),
        ),
      ),
    );
    const toQuote = () => showMark(body);
    this.#fill(
      article.title,
      [body],
      [
        element("p", { class: "article-about" }, [article.label, ...about].filter(unique).join(" · ")),
        span ? button("Tới đoạn được trích", toQuote, { class: "link-like" }) : null,
        this.#alsoTold(article.also),
      ],
    );
    this.#focusHeading();
    if (span) showMark(body);
  }

  /** The articles that tell the same story; each opens in this place. */
  #alsoTold(articles) {
    if (!articles.length) return null;
    const items = articles.map(({ id, label, title }) => {
      const open = () => this.open({ article: id, label }, this.#opener);
      return element("li", {}, button(`${label}: ${title}`, open, { class: "link-like" }));
    });
    return element(
      "div",
      { class: "article-also" },
      element("p", {}, "Bài khác đưa cùng nội dung này:"),
      element("ul", {}, items),
    );
  }

  #fill(title, content, about = []) {
    this.#dialog.replaceChildren(
      element(
        "div",
        { class: "article-head" },
        element("h2", { id: "article-title", tabindex: "-1" }, title),
        button("Đóng", () => this.close(), { class: "close" }),
        about,
      ),
      ...content,
    );
  }

  #focusHeading() {
    byId("article-title").focus({ preventScroll: true });
  }
}

function unique(value, index, all) {
  return value && all.findIndex((one) => one?.includes(value)) === index;
}

function lostQuote(quote) {
  return element(
    "div",
    { class: "notice" },
    element("p", {}, "Bài viết đã thay đổi sau khi có câu trả lời này; không còn thấy đoạn được trích:"),
    element("blockquote", {}, quote ?? ""),
  );
}

/** Scrolls the text, and nothing else, so that the quote begins in its upper third. */
function showMark(body) {
  const mark = body.querySelector("mark");
  if (!mark) return;
  const offset = mark.getBoundingClientRect().top - body.getBoundingClientRect().top;
  body.scrollTop += offset - body.clientHeight / 4;
}
