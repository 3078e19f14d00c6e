// How many articles the archive has by month, place and source; pressing a bar chooses it.
// Every bar is a button whose figure is text, so that it can be read and pressed without a mouse.

import { bar, button, element } from "./dom.js";
import { count } from "./format.js";

const FEW = 10;

/** A row of twelve months for each year that has articles, the newest first. */
export function monthChart(months, chosen, choose) {
  const counts = new Map(months.map(({ month, articles }) => [month, articles]));
  const most = Math.max(1, ...counts.values());
  const years = [...new Set(months.map(({ month }) => month.slice(0, 4)))].sort().reverse();
  return years.map((year) => {
    const total = months
      .filter(({ month }) => month.startsWith(year))
      .reduce((sum, { articles }) => sum + articles, 0);
    const isYear = chosen.from === year && chosen.to === year;
    const name = button("", () => choose(isYear ? "" : year), {
      class: "year-name",
      "aria-pressed": String(isYear),
    });
    name.append(element("b", {}, `Năm ${year}`), element("span", {}, `${count(total)} bài`));
    const cells = Array.from({ length: 12 }, (_, index) =>
      monthCell(year, index + 1, counts, most, chosen, choose),
    );
    return element("div", {}, name, element("div", { class: "months" }, cells));
  });
}

function monthCell(year, month, counts, most, chosen, choose) {
  const articles = counts.get(`${year}-${String(month).padStart(2, "0")}`) ?? 0;
  if (!articles) {
    return element(
      "span",
      { class: "month none", "aria-hidden": "true" },
      element("small", {}, `T${month}`),
    );
  }
  const when = `${month}/${year}`;
  const isChosen = chosen.from === when && chosen.to === when;
  const cell = button("", () => choose(isChosen ? "" : when), {
    class: "month",
    "aria-pressed": String(isChosen),
    title: `Tháng ${when}: ${count(articles)} bài`,
  });
  cell.append(
    element("small", {}, `T${month} `),
    element("b", { class: "figure" }, count(articles)),
    element("span", { class: "only-heard" }, ` bài, tháng ${month} năm ${year}`),
    bar(articles / most),
  );
  return cell;
}

/** Bars of names, the ones with most articles first; beyond ten they are folded away. */
export function nameChart(named, chosen, choose) {
  const most = Math.max(1, ...named.map(({ articles }) => articles));
  const rows = named.map(({ name, articles }) => {
    const isChosen = name === chosen;
    const row = button("", () => choose(isChosen ? "" : name), {
      class: "place",
      "aria-pressed": String(isChosen),
    });
    row.append(
      element("span", {}, name),
      element("span", { class: "figure" }, `${count(articles)} bài`),
      bar(articles / most),
    );
    return element("li", {}, row);
  });
  if (rows.length <= FEW + 2) return [element("ul", { class: "places" }, rows)];
  const isFolded = named.slice(FEW).every(({ name }) => name !== chosen);
  return [
    element("ul", { class: "places" }, rows.slice(0, FEW)),
    element(
      "details",
      { open: !isFolded },
      element("summary", {}, `Xem thêm ${count(rows.length - FEW)}`),
      element("ul", { class: "places" }, rows.slice(FEW)),
    ),
  ];
}
