// The questions asked in this browser, with their answers, newest first. Where the browser keeps
// nothing (a private window, blocked storage, no room left) they last as long as the page.

const PLACE = "hoi-dap.lich-su";
const MOST = 50;

/**
 * @typedef {{id: string, question: string, askedAt: string, conversation: string,
 *   filters: object, answer: object}} Remembered
 */

export class History {
  /** @type {Remembered[]} */
  #entries = [];

  /** Whether what is added outlasts the page. */
  isKept = true;

  constructor() {
    try {
      const read = JSON.parse(localStorage.getItem(PLACE) ?? "[]");
      this.#entries = Array.isArray(read) ? read.filter(isEntry) : [];
    } catch {
      this.isKept = storageWorks();
    }
  }

  get entries() {
    return [...this.#entries];
  }

  /** @param {Remembered} entry */
  add(entry) {
    this.#entries = [entry, ...this.#entries.filter((one) => one.id !== entry.id)].slice(0, MOST);
    this.#write();
  }

  remove(id) {
    this.#entries = this.#entries.filter((one) => one.id !== id);
    this.#write();
  }

  clear() {
    this.#entries = [];
    this.#write();
  }

  #write() {
    for (let kept = this.#entries; ; kept = kept.slice(0, Math.floor(kept.length / 2))) {
      try {
        localStorage.setItem(PLACE, JSON.stringify(kept));
        this.isKept = true;
        return;
      } catch {
        if (kept.length < 2) break; // no room even for one: blocked
      }
    }
    this.isKept = false;
  }
}

function isEntry(one) {
  return (
    typeof one?.id === "string" &&
    typeof one.question === "string" &&
    typeof one.answer?.text === "string" &&
    Array.isArray(one.answer.sentences) &&
    Array.isArray(one.answer.citations)
  );
}

function storageWorks() {
  try {
    localStorage.removeItem(PLACE);
    return true;
  } catch {
    return false;
  }
}
