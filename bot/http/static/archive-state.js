// What the page "/kho" shows, as its address has it: /kho?tim=…&noi=…&nguon=…&tu=…&den=…&trang=…&bai=…

import { queryOf } from "./api.js";

export const A_PAGE = 20;

/**
 * @typedef {{words: string, province: string, source: string, from: string, to: string,
 *   page: number, article: string}} State
 */

/** @returns {State} */
export function readState(search) {
  const query = new URLSearchParams(search);
  const page = Number.parseInt(query.get("trang") ?? "1", 10);
  return {
    words: (query.get("tim") ?? "").slice(0, 200),
    province: query.get("noi") ?? "",
    source: query.get("nguon") ?? "",
    from: query.get("tu") ?? "",
    to: query.get("den") ?? "",
    page: page >= 1 && page <= 100_000 ? page : 1,
    article: query.get("bai") ?? "",
  };
}

/** @param {State} state */
export function addressOf(state) {
  const query = queryOf({
    tim: state.words,
    noi: state.province,
    nguon: state.source,
    tu: state.from,
    den: state.to,
    trang: state.page > 1 ? state.page : "",
    bai: state.article,
  });
  return query ? `/kho?${query}` : "/kho";
}

/** The request for the list. */
export function listPath(state) {
  const { words, province, source, from, to, page } = state;
  const query = queryOf({
    q: words,
    province,
    source,
    from,
    to,
    offset: (page - 1) * A_PAGE,
    limit: A_PAGE,
  });
  return `/v1/articles?${query}`;
}
