// The page "/giai-thich/ID": how an answer came about, from the record that the service keeps.

import { showAccount } from "./account.js";
import { answerLines } from "./answer-lines.js";
import { getJson, wordsFor } from "./api.js";
import { ArticlePanel } from "./article-panel.js";
import { bar, button, byId, element } from "./dom.js";
import { BONUSES, OUTCOMES, STEPS, WIDENED } from "./explanation-words.js";
import { count, day, decimal, describe, moment } from "./format.js";
import { wordsOf } from "./words.js";

// What an answer is taken from stands among the first; the rest is there for who wants to know.
const SHOWN_AT_ONCE = 6;
// Open ends of a period, as the record writes them.
const NO_BOUND = new Set(["0001-01-01", "9999-12-31"]);

const panel = new ArticlePanel();

async function start() {
  showAccount();
  try {
    // As the address has it, encoded already.
    const trace = await getJson(`/v1/answers/${location.pathname.split("/").pop()}`);
    byId("told").textContent =
      "Dưới đây là câu hỏi như dịch vụ đã hiểu, các đoạn bài viết đã tìm thấy, và vì sao đoạn này đứng trước đoạn kia.";
    byId("content").replaceChildren(...[answerCard(trace), queryCard(trace), hitsCard(trace)].filter(Boolean));
    byId("beside").replaceChildren(timingsCard(trace), versionsCard(trace));
  } catch (error) {
    byId("told").textContent = wordsFor(error);
    byId("told").classList.add("problem");
  } finally {
    byId("explanation").setAttribute("aria-busy", "false");
  }
}

function card(title, ...content) {
  return element("section", { class: "card" }, element("h2", {}, title), ...content);
}

/** Pairs of a name and a text or elements; those without the second are left out. */
function facts(...pairs) {
  const shown = pairs.filter(([, value]) => value && value.length !== 0);
  return element(
    "dl",
    { class: "facts" },
    shown.flatMap(([name, value]) => [
      element("dt", {}, name),
      Array.isArray(value)
        ? element("dd", {}, value.map((one) => element("div", {}, one)))
        : element("dd", {}, value),
    ]),
  );
}

function answerCard({ question, answer, asked_at: askedAt }) {
  const open = (citation, opener) => panel.open(citation, opener);
  const lines = answerLines(answer, wordsOf(answer.language), open);
  return card(
    question,
    element("div", { class: "answer-text", lang: answer.language }, lines),
    facts(["Kết quả", OUTCOMES[answer.outcome] ?? answer.outcome], ["Hỏi lúc", moment(askedAt)]),
  );
}

function queryCard({ query, history, filters, widened, today }) {
  const given = describe({
    province: filters.provinces,
    source: filters.sources,
    from: filters.from ? day(filters.from) : "",
    to: filters.to ? day(filters.to) : "",
  });
  const beside = [
    ["Bộ lọc đã chọn", given],
    ["Không giới hạn", widened.map((one) => WIDENED[one] ?? one).join(", ")],
  ];
  if (!query) {
    return card("Câu hỏi được hiểu", element("p", {}, "Câu hỏi này không được tìm trong kho."), facts(...beside));
  }
  const read = query.restored ?? query.text;
  const expansions = query.expansions.map(
    ({ text, long, is_ambiguous: isAmbiguous }) =>
      `${text} = ${long.join(" / ")}${isAmbiguous ? " (nhiều nghĩa, tìm như đã gõ)" : ""}`,
  );
  const own = describe({ source: query.filters.sources, province: query.filters.provinces });
  const reached = query.reached.filter((name) => !query.provinces.includes(name));
  return card(
    "Câu hỏi được hiểu",
    facts(
      ["Đã gõ", query.question],
      ["Đã hiểu là", read !== query.question ? read : ""],
      ["Câu hỏi trước", query.earlier ?? ""],
      ["Viết tắt", expansions],
      ["Địa phương", query.provinces.join(", ")],
      ["Cũng tìm ở", reached.join(", ")],
      ["Huyện, xã", query.districts.join(", ")],
      ["Thời gian", query.periods.map(periodWords)],
      ["Câu hỏi đòi bài của", own],
      ...beside,
      ["Các câu hỏi trước đó", history],
      ["“Hôm nay” là", day(today)],
    ),
  );
}

function periodWords(one) {
  if (one.is_latest) return `“${one.text}”: bài mới hơn đứng trước`;
  const first = NO_BOUND.has(one.first) ? "" : `từ ${day(one.first)}`;
  const last = NO_BOUND.has(one.last) ? "" : `đến ${day(one.last)}`;
  const kind = one.is_base ? " (chỉ để so sánh)" : one.of_articles ? " (ngày của bài)" : "";
  return `“${one.text}”: ${[first, last].filter(Boolean).join(" ")}${kind}`;
}

function hitsCard({ hits, answer, dense_weight: denseWeight }) {
  if (!hits.length) return null;
  const most = {
    sparse: Math.max(...hits.map((hit) => hit.sparse_score), 1e-9),
    score: Math.max(...hits.map((hit) => hit.score), 1e-9),
  };
  const items = hits.map((hit, index) => hitItem(hit, index + 1, most, answer.citations));
  const list = element("ol", { class: "hits" }, items.slice(0, SHOWN_AT_ONCE));
  const rest = items.slice(SHOWN_AT_ONCE);
  const more = button(`Xem thêm ${count(rest.length)} đoạn`, () => {
    list.append(...rest);
    more.remove();
    rest[0].querySelector("button").focus();
  });
  const weight = denseWeight
    ? element("p", { class: "hint" }, `Phần của nghĩa trong điểm gộp: ${decimal(denseWeight * 100, 0)}%; phần còn lại là của từ.`)
    : null;
  return card(`${count(hits.length)} đoạn đứng đầu`, ...[weight, list, rest.length ? more : null].filter(Boolean));
}

function hitItem(hit, rank, most, citations) {
  const isCited = citations.some(
    (one) => one.article === hit.article && one.start < hit.end && hit.start < one.end,
  );
  const place = (number) => (number === null ? "" : ` (hạng ${count(number)})`);
  const open = (event) =>
    panel.open(
      { article: hit.article, start: hit.start, end: hit.end, label: hit.label },
      event.currentTarget,
    );
  const bonuses = Object.entries(hit.bonuses).map(([name, value]) => [
    BONUSES[name] ?? `Cộng: ${name}`,
    value,
    signed(value),
    "bonus",
  ]);
  return element(
    "li",
    { class: "hit" },
    element(
      "div",
      { class: "hit-head" },
      element("h3", {}, `${rank}. ${hit.title}`),
      button(hit.label, open, { class: "chip", "aria-haspopup": "dialog", title: "Mở đoạn này" }),
      hit.also.length ? element("small", {}, `Gần như nguyên văn trong: ${hit.also.join("; ")}`) : null,
      isCited ? element("p", { class: "cited" }, "✓ Được trích trong câu trả lời") : null,
    ),
    scores([
      ["Theo nghĩa", hit.dense_score, decimal(hit.dense_score, 3) + place(hit.dense_rank)],
      ["Theo từ", hit.sparse_score / most.sparse, decimal(hit.sparse_score, 1) + place(hit.sparse_rank)],
      ["Gộp lại", hit.fused, decimal(hit.fused, 3)],
      ["Sau khi xem kỹ", hit.reranked ?? 0, hit.reranked === null ? "không xem" : decimal(hit.reranked, 3)],
      ...bonuses,
      ["Điểm cuối", hit.score / most.score, decimal(hit.score, 3), "total"],
    ]),
  );
}

function signed(value) {
  return `${value < 0 ? "−" : "+"}${decimal(Math.abs(value), 2)}`;
}

/** Rows of a name, a bar and the figure as text. */
function scores(rows) {
  return element(
    "dl",
    { class: "scores" },
    rows.map(([name, share, figure, kind = ""]) =>
      element(
        "div",
        {},
        element("dt", { class: kind === "total" ? "total-row" : "" }, name),
        element("dd", {}, bar(share, kind), element("span", { class: "figure" }, figure)),
      ),
    ),
  );
}

function timingsCard({ timings_ms: timings }) {
  const steps = Object.entries(timings);
  if (!steps.length) return card("Thời gian", element("p", { class: "quiet" }, "Không đo."));
  const most = Math.max(...steps.map(([, value]) => value), 1e-9);
  const rows = steps.map(([name, value]) => [
    STEPS[name] ?? name,
    value / most,
    `${decimal(value, value < 10 ? 1 : 0)} ms`,
    name === "total" ? "total" : "",
  ]);
  return card("Thời gian từng bước", scores(rows));
}

function versionsCard({ versions, trace_id: id }) {
  return card(
    "Phiên bản",
    facts(
      ["Kho lập lúc", moment(versions.snapshot)],
      ["Dấu của kho", versions.corpus],
      ["Mô hình tìm kiếm", versions.model],
      ["Mô hình ngôn ngữ", versions.llm ?? "không dùng: câu trả lời là trích nguyên văn"],
      ["Chương trình", versions.project],
      ["Mã câu trả lời", id],
    ),
  );
}

start();
