// Place, source and period that the articles must be of. Days are typed as they are written here,
// 23/7/2024, 7/2024 or 2024: a browser's own date field has the order of its own language.

import { byId, element } from "./dom.js";
import { count, describe } from "./format.js";

const WHEN = /^(?:(?:(\d{1,2})[/.-])?(\d{1,2})[/.-])?(\d{4})$/;

export class Filters {
  #province = byId("province");
  #source = byId("source");
  #from = byId("from");
  #to = byId("to");
  #summary = byId("filters-summary");
  #problem = byId("filters-problem");

  constructor() {
    byId("filters").addEventListener("input", () => this.#show());
    byId("clear-filters").addEventListener("click", () => {
      this.set({});
      this.#province.focus();
    });
    this.#show();
  }

  /** Fills the lists with what the archive has. */
  offer(archive) {
    fill(this.#province, archive.provinces);
    fill(this.#source, archive.sources);
    const months = archive.months.map(({ month }) => {
      const [year, number] = month.split("-");
      return element("option", { value: `${Number(number)}/${year}` });
    });
    byId("months").replaceChildren(...months.reverse());
  }

  /** As the API takes them; empty ones are left out. */
  get value() {
    const chosen = {};
    if (this.#province.value) chosen.province = [this.#province.value];
    if (this.#source.value) chosen.source = [this.#source.value];
    if (this.#from.value.trim()) chosen.from = this.#from.value.trim();
    if (this.#to.value.trim()) chosen.to = this.#to.value.trim();
    return chosen;
  }

  set({ province = [], source = [], from = "", to = "" }) {
    choose(this.#province, province[0] ?? "");
    choose(this.#source, source[0] ?? "");
    this.#from.value = from;
    this.#to.value = to;
    this.#show();
  }

  /** Whether they can be used; else the field that can not gets the focus. */
  check() {
    const wrong = [this.#from, this.#to].find((field) => field.getAttribute("aria-invalid") === "true");
    if (!wrong) return true;
    byId("filters").open = true;
    wrong.focus();
    return false;
  }

  #show() {
    const wrong = [this.#from, this.#to].filter((field) => !isWhen(field.value.trim()));
    for (const field of [this.#from, this.#to]) {
      field.setAttribute("aria-invalid", String(wrong.includes(field)));
    }
    this.#problem.textContent = wrong.length
      ? "Xin ghi ngày dạng 23/7/2024, tháng dạng 7/2024, hoặc chỉ năm: 2024."
      : "";
    const described = describe(this.value);
    this.#summary.textContent = described || "mọi nơi, mọi nguồn, mọi thời gian";
    byId("clear-filters").hidden = !described;
  }
}

function fill(select, named) {
  const chosen = select.value;
  const options = named.map(({ name, articles }) =>
    element("option", { value: name }, `${name} (${count(articles)} bài)`),
  );
  select.replaceChildren(select.options[0], ...options);
  choose(select, chosen);
}

/** A name that the list does not have is added: the archive may have changed. */
function choose(select, name) {
  if (![...select.options].some((option) => option.value === name)) {
    select.append(element("option", { value: name }, name));
  }
  select.value = name;
}

function isWhen(text) {
  if (!text) return true;
  const match = WHEN.exec(text);
  if (!match) return false;
  const [, day, month] = match;
  return (!day || (day >= 1 && day <= 31)) && (!month || (month >= 1 && month <= 12));
}
