// The page "/kho": what the archive has, and its articles. The address says what is shown.

import { showAccount } from "./account.js";
import { getJson, wordsFor } from "./api.js";
import { monthChart, nameChart } from "./archive-charts.js";
import { A_PAGE, addressOf, listPath, readState } from "./archive-state.js";
import { ArticlePanel } from "./article-panel.js";
import { button, byId, element } from "./dom.js";
import { count, day, describe } from "./format.js";

class ArchivePage {
  #state = readState(location.search);
  #archive = null;
  #asked = 0;
  #panel = new ArticlePanel(() => this.#go({ article: "" }, { isReplaced: true, isListed: false }));

  start() {
    byId("search").addEventListener("submit", (event) => {
      event.preventDefault();
      this.#go({ words: byId("words").value.trim(), page: 1 });
    });
    addEventListener("popstate", () => {
      this.#state = readState(location.search);
      this.#show();
      this.#showArticle();
    });
    // On a phone the charts would stand between the search and what it finds.
    const isWide = matchMedia("(min-width: 64rem)").matches;
    for (const chart of document.querySelectorAll(".charts > details")) chart.open = isWide;
    showAccount();
    this.#readArchive();
    this.#show();
    this.#showArticle();
  }

  /** Goes on to another state of the page. */
  #go(change, { isReplaced = false, isListed = true } = {}) {
    this.#state = { ...this.#state, ...change };
    const address = addressOf(this.#state);
    if (isReplaced) history.replaceState(null, "", address);
    else history.pushState(null, "", address);
    if (isListed) this.#show();
  }

  async #readArchive() {
    try {
      this.#archive = await getJson("/v1/archive");
    } catch (error) {
      byId("holdings").textContent = wordsFor(error);
      return;
    }
    const { articles, first, last, undated } = this.#archive;
    const days = first ? `, từ ${day(first)} đến ${day(last)}` : "";
    byId("holdings").textContent = `Kho có ${count(articles)} bài viết${days}.`;
    byId("undated").hidden = !undated;
    byId("undated").textContent = `${count(undated)} bài không rõ ngày.`;
    this.#showCharts();
  }

  #show() {
    byId("words").value = this.#state.words;
    this.#showChosen();
    this.#showCharts();
    this.#showList();
  }

  #showCharts() {
    if (!this.#archive) return;
    const { months, provinces, sources } = this.#archive;
    const byTime = (when) => this.#go({ from: when, to: when, page: 1 });
    fill("months", monthChart(months, this.#state, byTime));
    const byPlace = (province) => this.#go({ province, page: 1 });
    fill("provinces", nameChart(provinces, this.#state.province, byPlace));
    const bySource = (source) => this.#go({ source, page: 1 });
    fill("sources", nameChart(sources, this.#state.source, bySource));
  }

  #showChosen() {
    const { words, province, source, from, to } = this.#state;
    const chosen = [
      [words && `“${words}”`, { words: "" }],
      [province, { province: "" }],
      [source, { source: "" }],
      [describe({ from, to }), { from: "", to: "" }],
    ].filter(([label]) => label);
    const drop = (change) => () => {
      this.#go({ ...change, page: 1 });
      byId("words").focus();
    };
    const buttons = chosen.map(([label, change]) => {
      const made = button(label, drop(change), { title: "Bỏ lọc này" });
      made.append(
        element("span", { "aria-hidden": "true" }, " ✕"),
        element("span", { class: "only-heard" }, ": bỏ lọc này"),
      );
      return made;
    });
    byId("chosen").hidden = !buttons.length;
    byId("chosen").replaceChildren(element("span", { class: "quiet" }, "Đang lọc:"), ...buttons);
  }

  async #showList() {
    this.#asked += 1;
    const asked = this.#asked;
    const list = byId("articles");
    list.setAttribute("aria-busy", "true");
    try {
      const { total, items } = await getJson(listPath(this.#state));
      if (asked !== this.#asked) return;
      byId("articles-problem").replaceChildren();
      byId("found").textContent = total ? `${count(total)} bài viết` : "Không có bài nào như vậy";
      list.replaceChildren(...items.map((item) => this.#item(item)));
      this.#showPages(total);
    } catch (error) {
      if (asked !== this.#asked) return;
      byId("found").textContent = "Bài viết";
      list.replaceChildren();
      byId("pages").hidden = true;
      byId("articles-problem").replaceChildren(
        element("p", { class: "problem" }, wordsFor(error)),
        button("Thử lại", () => this.#showList()),
      );
    } finally {
      if (asked === this.#asked) list.setAttribute("aria-busy", "false");
    }
  }

  #item(item) {
    const isNamed = !item.source || item.label.startsWith(item.source);
    const about = isNamed ? item.label : `${item.label} · ${item.source}`;
    const open = (event) => {
      this.#go({ article: item.id }, { isListed: false });
      this.#panel.open({ article: item.id, label: item.title }, event.currentTarget);
    };
    return element(
      "li",
      {},
      element(
        "button",
        { type: "button", "aria-haspopup": "dialog", on: { click: open } },
        element("span", {}, item.title),
        element("small", {}, about),
      ),
    );
  }

  #showPages(total) {
    const last = Math.max(1, Math.ceil(total / A_PAGE));
    const { page } = this.#state;
    const to = (number) => () => {
      this.#go({ page: number });
      byId("found").scrollIntoView({ block: "start" });
    };
    byId("pages").hidden = last === 1;
    byId("pages").replaceChildren(
      button("← Mới hơn", to(page - 1), { disabled: page <= 1 }),
      element("span", {}, `Trang ${count(page)}/${count(last)}`),
      button("Cũ hơn →", to(page + 1), { disabled: page >= last }),
    );
  }

  #showArticle() {
    const { article } = this.#state;
    if (article) this.#panel.open({ article });
    else this.#panel.close();
  }
}

/** Keeps the focus on the bar that was pressed, though it was made anew. */
function fill(id, content) {
  const place = byId(id);
  const index = [...place.querySelectorAll("button")].indexOf(document.activeElement);
  place.replaceChildren(...content);
  if (index >= 0) place.querySelectorAll("button")[index]?.focus({ preventScroll: true });
}

new ArchivePage().start();
