// The text of an answer as paragraphs, with a chip in place of each label in brackets.

import { piecesOf } from "./answer-text.js";
import { button, element } from "./dom.js";

/**
 * @param {object} answer
 * @param {object} words from `wordsOf`
 * @param {(citation: object, opener: HTMLElement) => void} open
 * @returns {HTMLElement[]} one for each line of the text
 */
export function answerLines(answer, words, open) {
  const { pieces, isComplete } = piecesOf(answer);
  const lines = [element("p")];
  const last = () => lines[lines.length - 1];
  for (const piece of pieces) {
    if (piece.kind === "citations") {
      last().append(...chips(piece.citations, words, open));
    } else if (piece.kind === "sentence") {
      last().append(element("span", { class: "sentence", lang: "vi" }, piece.text));
    } else {
      const [first, ...others] = piece.text.split("\n");
      last().append(first);
      for (const other of others) lines.push(element("p", {}, other));
    }
  }
  // A label that was not found in the text must not cost the reader the source.
  if (!isComplete) lines.push(element("p", {}, ...chips(answer.citations, words, open)));
  for (const line of lines) {
    if (/^\s*•/.test(line.textContent)) line.className = "bullet";
  }
  return lines.filter((line) => line.textContent.trim());
}

/** The buttons that open the sources of a sentence, each with a space before it. */
export function chips(citations, words, open) {
  return citations.flatMap((citation) => {
    const chip = button(citation.label, (event) => open(citation, event.currentTarget), {
      class: "chip",
      lang: "vi",
      "aria-haspopup": "dialog",
      title: words.open(citation.title),
      data: { number: citation.number },
    });
    const also = (citation.also ?? []).join("; ");
    const others = also ? [element("span", { class: "also" }, ` (${words.also} ${also})`)] : [];
    return [" ", chip, ...others];
  });
}
