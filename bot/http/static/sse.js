// Reads server-sent events from the body of a fetch (an EventSource can not POST).
// Pieces may be cut anywhere: inside a line end, a line, or a character.

/**
 * @typedef {{event: string, data: string}} ServerEvent
 */

/** Takes text in pieces of any length and gives the events that they complete. */
export class EventParser {
  #rest = "";
  #event = "";
  #data = [];
  #isFirst = true;

  /** @returns {ServerEvent[]} */
  feed(piece) {
    let text = this.#rest + piece;
    if (this.#isFirst && text) {
      if (text.startsWith("\uFEFF")) text = text.slice(1);
      this.#isFirst = false;
    }
    const found = [];
    let from = 0;
    for (;;) {
      const end = lineEnd(text, from);
      if (!end) break;
      const whole = this.#take(text.slice(from, end.at));
      if (whole) found.push(whole);
      from = end.next;
    }
    this.#rest = text.slice(from);
    return found;
  }

  #take(line) {
    if (line === "") {
      const whole = this.#data.length
        ? { event: this.#event || "message", data: this.#data.join("\n") }
        : null;
      this.#event = "";
      this.#data = [];
      return whole;
    }
    if (line.startsWith(":")) return null; // a sign of life
    const colon = line.indexOf(":");
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? "" : line.slice(colon + 1).replace(/^ /, "");
    if (field === "event") this.#event = value;
    if (field === "data") this.#data.push(value);
    return null;
  }
}

/** Where the line ends and the next begins; a `\r` at the very end may yet become `\r\n`. */
function lineEnd(text, from) {
  for (let at = from; at < text.length; at += 1) {
    if (text[at] === "\n") return { at, next: at + 1 };
    if (text[at] === "\r") {
      if (at + 1 === text.length) return null;
      return { at, next: text[at + 1] === "\n" ? at + 2 : at + 1 };
    }
  }
  return null;
}

/**
 * The events of a response body, as they come.
 * @param {ReadableStream<Uint8Array>} body
 */
export async function* serverEvents(body) {
  const reader = body.getReader();
  const decoder = new TextDecoder();
  const parser = new EventParser();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      yield* parser.feed(decoder.decode(value, { stream: true }));
    }
    yield* parser.feed(`${decoder.decode()}\n`);
  } finally {
    reader.cancel().catch(() => {});
  }
}
