// Where the place, newspaper or period that a question names left nothing: the same question
// without it. What a question names is read from the record of its answer.

import { getJson } from "./api.js";
import { button, element } from "./dom.js";

const CHOICES = { place: "Tìm ở mọi nơi", period: "Tìm ở mọi thời gian" };

/**
 * @param {object} answer
 * @param {string[]} widened what was widened already
 * @param {boolean} isFiltered whether filters were given beside the question
 * @param {{widen: (dimensions: string[]) => void, dropFilters: () => void}} choose
 * @returns {HTMLElement | null}
 */
export function widening(answer, widened, isFiltered, choose) {
  if (answer.outcome !== "no_article_for_place_or_period") return null;
  const choices = element("p", { class: "choices" });
  const offer = (dimensions) => {
    const named = dimensions.filter((dimension) => !widened.includes(dimension));
    choices.replaceChildren(
      ...named.map((one) => button(CHOICES[one], () => choose.widen([...widened, one]))),
      ...(isFiltered ? [button("Tìm không dùng bộ lọc", choose.dropFilters)] : []),
    );
  };
  namedBy(answer).then(offer);
  return choices;
}

async function namedBy(answer) {
  const both = Object.keys(CHOICES);
  if (!answer.trace_id) return both;
  try {
    const { query } = await getJson(`/v1/answers/${encodeURIComponent(answer.trace_id)}`);
    const { filters } = query;
    const named = [];
    if (query.provinces.length || query.districts.length || filters.sources.length) {
      named.push("place");
    }
    if (query.periods.length || filters.from || filters.to) named.push("period");
    return named;
  } catch {
    return both;
  }
}
