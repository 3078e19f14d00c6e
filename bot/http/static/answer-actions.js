// What one can do with an answer: read its quotes, copy, print, ask why, rate it.

import { asPlainText } from "./answer-text.js";
import { post, wordsFor } from "./api.js";
import { copyText } from "./clipboard.js";
import { button, element } from "./dom.js";

let made = 0;

/** The elements below an answer, in their order. */
export function answerActions(question, answer, words, page) {
  const language = answer.language;
  const told = element("p", { class: "told", role: "status" });
  const sources = answer.citations.length ? sourceList(answer, words, page) : null;
  const actions = element(
    "div",
    { class: "actions", lang: language },
    sources?.toggle,
    button(words.copy, () => copy(question, answer, words, told)),
    sources ? button(words.print, (event) => printOnly(event.currentTarget.closest(".turn"))) : null,
    answer.trace_id
      ? element(
          "a",
          { href: `/giai-thich/${encodeURIComponent(answer.trace_id)}`, title: words.whyTitle },
          words.why,
        )
      : null,
    button(words.askOn, page.focusBox),
  );
  const opinion = answer.trace_id ? feedback(answer.trace_id, words, told, language) : null;
  return [actions, opinion, told, sources?.list].filter(Boolean);
}

async function copy(question, answer, words, told) {
  const isCopied = await copyText(asPlainText(question, answer, words));
  told.textContent = isCopied ? words.copied : words.notCopied;
}

/** Prints one answer of several. */
function printOnly(turn) {
  const root = document.documentElement;
  root.classList.add("printing-one");
  turn.classList.add("printed");
  const restore = () => {
    root.classList.remove("printing-one");
    turn.classList.remove("printed");
  };
  addEventListener("afterprint", restore, { once: true });
  window.print();
}

/** On paper it is always there; on the screen once it is asked for. */
function sourceList(answer, words, page) {
  made += 1;
  const list = element(
    "section",
    { class: "sources", id: `sources-${made}`, data: { collapsed: "" } },
    element("h3", { lang: answer.language }, words.sources),
    element(
      "ol",
      {},
      answer.citations.map((citation) =>
        element(
          "li",
          { value: citation.number },
          element("p", { class: "source" }, element("b", {}, citation.label), ` – ${citation.title}`),
          element("blockquote", {}, citation.quote),
        ),
      ),
    ),
  );
  const number = answer.citations.length;
  const toggle = button(words.showSources(number), () => {
    const isShown = "collapsed" in list.dataset;
    if (isShown) delete list.dataset.collapsed;
    else list.dataset.collapsed = "";
    toggle.textContent = isShown ? words.hideSources : words.showSources(number);
    toggle.setAttribute("aria-expanded", String(isShown));
  });
  toggle.setAttribute("aria-expanded", "false");
  toggle.setAttribute("aria-controls", list.id);
  return { list, toggle };
}

function feedback(traceId, words, told, language) {
  made += 1;
  const path = `/v1/answers/${encodeURIComponent(traceId)}/feedback`;
  let chosen = null;
  const send = async (rating, reason, thanks) => {
    try {
      await post(path, reason ? { rating, reason } : { rating });
      told.textContent = thanks;
      return true;
    } catch (error) {
      told.textContent = wordsFor(error);
      return false;
    }
  };
  const rate = async (rating) => {
    if (!(await send(rating, null, words.thanks))) return;
    chosen = rating;
    up.setAttribute("aria-pressed", String(rating === "up"));
    down.setAttribute("aria-pressed", String(rating === "down"));
    form.hidden = false;
  };
  const up = button(`👍 ${words.up}`, () => rate("up"), { "aria-pressed": "false" });
  const down = button(`👎 ${words.down}`, () => rate("down"), { "aria-pressed": "false" });
  const field = element("textarea", { id: `reason-${made}`, rows: "2", maxlength: "1000" });
  const form = element(
    "form",
    { class: "reason", hidden: true },
    element("label", { for: field.id }, words.reason),
    field,
    element("button", { type: "submit" }, words.sendReason),
  );
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const reason = field.value.trim();
    if (reason && chosen && (await send(chosen, reason, words.thanksForReason))) form.hidden = true;
  });
  const group = element(
    "div",
    { class: "rating", role: "group", "aria-label": words.rate },
    element("span", { "aria-hidden": "true" }, words.rate),
    up,
    down,
  );
  return element("div", { class: "feedback", lang: language }, group, form);
}
