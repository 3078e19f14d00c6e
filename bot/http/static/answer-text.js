// Takes an answer's `text` apart into words, sentences and the places of its citations.
// `text` is what counts: it has notes and list marks that `sentences` do not have. In it every
// sentence is followed by its labels in brackets, before the closing stop; there the chips go.

/**
 * @typedef {{kind: "words", text: string} | {kind: "sentence", text: string} |
 *   {kind: "citations", citations: object[]}} Piece
 */

/**
 * @param {{text: string, sentences: {text: string, citations: number[]}[], citations: object[]}} answer
 * @returns {{pieces: Piece[], isComplete: boolean}} isComplete: every sentence was found
 */
export function piecesOf(answer) {
  const byNumber = new Map(answer.citations.map((citation) => [citation.number, citation]));
  const pieces = [];
  let at = 0;
  let isComplete = true;
  for (const sentence of answer.sentences) {
    const cited = sentence.citations.map((number) => byNumber.get(number)).filter(Boolean);
    const found = find(answer.text, at, sentence.text, cited);
    if (!found) {
      isComplete = isComplete && cited.length === 0;
      continue;
    }
    pieces.push({ kind: "words", text: answer.text.slice(at, found.start) });
    pieces.push({ kind: "sentence", text: answer.text.slice(found.start, found.end) });
    pieces.push({ kind: "citations", citations: cited });
    at = found.next;
  }
  pieces.push({ kind: "words", text: answer.text.slice(at) });
  return { pieces: pieces.filter((piece) => piece.kind !== "words" || piece.text), isComplete };
}

/** Where a sentence stands, and where its labels end. */
function find(text, from, sentence, cited) {
  const stem = sentence.replace(/[\s.!?…/”"’')»\]]+$/u, "");
  const start = stem ? text.indexOf(stem, from) : -1;
  if (start < 0 || !cited.length) return null;
  const labels = cited.map((citation) => citation.label);
  const withOthers = cited.flatMap((citation) => [citation.label, ...(citation.also ?? [])]);
  for (const each of [withOthers, labels]) {
    const marks = [...new Set(each)].map((label) => ` [${label}]`).join("");
    const end = text.indexOf(marks, start + stem.length);
    // Between the last word and the labels only its own stop can stand.
    if (end >= 0 && end - start <= sentence.length + 1) {
      return { start, end, next: end + marks.length };
    }
  }
  return null;
}

/** The whole answer as text for a letter or a report: question, answer, sources with quotes. */
export function asPlainText(question, answer, headings) {
  const sources = answer.citations.map(
    (one) => `${one.number}. ${one.label} – ${one.title}\n   “${one.quote.replace(/\n/g, " ")}”`,
  );
  const list = sources.length ? [`${headings.sources}:`, ...sources] : [];
  return [`${headings.question}: ${question}`, answer.text, list.join("\n")]
    .filter(Boolean)
    .join("\n\n");
}
