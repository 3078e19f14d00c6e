// Talks to /v1/. Whatever goes wrong becomes one of two errors: a Problem, which the service said,
// or a Disconnected, where it could not be reached or broke off.

import { serverEvents } from "./sse.js";

const UNKNOWN = "Dịch vụ gặp lỗi nên chưa làm được việc này. Xin thử lại sau.";

/** What the service says went wrong (application/problem+json). */
export class Problem extends Error {
  /** @param {{detail?: string, status?: number, outcome?: string}} body */
  constructor(body, status, retryAfter = null) {
    super(typeof body.detail === "string" && body.detail ? body.detail : UNKNOWN);
    this.name = "Problem";
    this.status = status;
    this.outcome = body.outcome ?? null;
    this.retryAfter = retryAfter;
  }
}

/** The service can not be reached, or the connection broke. */
export class Disconnected extends Error {
  constructor() {
    super("Không kết nối được với dịch vụ. Xin kiểm tra mạng rồi thử lại.");
    this.name = "Disconnected";
  }
}

/** The words for an error that is shown to people. */
export function wordsFor(error) {
  return error instanceof Problem || error instanceof Disconnected ? error.message : UNKNOWN;
}

export function isAbort(error) {
  return error instanceof DOMException && error.name === "AbortError";
}

/** Names with a list as value are repeated; empty ones are left out. */
export function queryOf(values) {
  const query = new URLSearchParams();
  for (const [name, value] of Object.entries(values)) {
    for (const one of Array.isArray(value) ? value : [value]) {
      if (one !== null && one !== undefined && one !== "") query.append(name, String(one));
    }
  }
  return query.toString();
}

export async function getJson(path) {
  return (await send(path, {})).json();
}

/** For what answers 204. */
export async function post(path, body) {
  await send(path, {
    method: "POST",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(body),
  });
}

export async function remove(path) {
  await send(path, { method: "DELETE" });
}

/** An article's id is a path; its slashes stay. */
export function getArticle(id) {
  return getJson(`/v1/articles/${id.split("/").map(encodeURIComponent).join("/")}`);
}

/**
 * Asks, and gives the events as they come: {event, data} with data read as JSON.
 * @throws Problem also where the stream says so, Disconnected where it ends without `done`
 */
export async function* ask(request, signal) {
  const response = await send("/v1/ask", {
    method: "POST",
    headers: { "Content-Type": "application/json", Accept: "text/event-stream" },
    body: JSON.stringify(request),
    signal,
  });
  let isDone = false;
  try {
    for await (const { event, data } of serverEvents(response.body)) {
      const read = JSON.parse(data);
      if (event === "problem") throw new Problem(read, read.status);
      yield { event, data: read };
      isDone = isDone || event === "done";
      if (isDone) return;
    }
  } catch (error) {
    if (error instanceof Problem || isAbort(error)) throw error;
    throw new Disconnected();
  }
  throw new Disconnected();
}

async function send(path, options) {
  let response;
  try {
    response = await fetch(path, { credentials: "same-origin", ...options });
  } catch (error) {
    throw isAbort(error) ? error : new Disconnected();
  }
  if (response.ok) return response;
  if (response.status === 401 && location.pathname !== "/dang-nhap") {
    const here = location.pathname + location.search;
    location.assign(`/dang-nhap?${queryOf({ tiep: here })}`);
  }
  const seconds = Number.parseInt(response.headers.get("Retry-After") ?? "", 10);
  const body = await response.json().catch(() => ({}));
  throw new Problem(body, response.status, Number.isNaN(seconds) ? null : seconds);
}
