// Offsets of the API count Unicode characters; JavaScript's strings count UTF-16 units, of which
// an emoji has two. Everything that cuts an article by offsets goes through here.

/** The index in UTF-16 units of the character with that number. */
function unitIndex(text, character) {
  let units = 0;
  let characters = 0;
  while (characters < character && units < text.length) {
    units += text.codePointAt(units) > 0xffff ? 2 : 1;
    characters += 1;
  }
  return units;
}

/** How many characters a text has, as the service counts them. */
export function characterCount(text) {
  let count = 0;
  for (const _ of text) count += 1;
  return count;
}

/**
 * Where a quote stands in an article as it is now, in UTF-16 units; null where it is gone.
 * @param {string} text
 * @param {{start: number, end: number, quote?: string}} span in characters
 */
export function locate(text, { start, end, quote }) {
  const from = unitIndex(text, start);
  const to = from + unitIndex(text.slice(from), end - start);
  if (quote === undefined || text.slice(from, to) === quote) return { from, to };
  // The article has changed since: the same words may stand elsewhere in it.
  const again = text.indexOf(quote);
  return again < 0 ? null : { from: again, to: again + quote.length };
}

/**
 * The paragraphs of a text (one a line), each as pieces with whether they are in the span.
 * @param {{from: number, to: number} | null} span in UTF-16 units
 * @returns {{text: string, isMarked: boolean}[][]}
 */
export function paragraphs(text, span) {
  const found = [];
  let at = 0;
  for (const line of text.split("\n")) {
    const end = at + line.length;
    const from = span ? Math.min(Math.max(span.from, at), end) : end;
    const to = span ? Math.min(Math.max(span.to, from), end) : end;
    const pieces = [
      { text: text.slice(at, from), isMarked: false },
      { text: text.slice(from, to), isMarked: true },
      { text: text.slice(to, end), isMarked: false },
    ].filter((piece) => piece.text);
    if (pieces.length) found.push(pieces);
    at = end + 1;
  }
  return found;
}
