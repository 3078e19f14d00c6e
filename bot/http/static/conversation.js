// The id under which questions of this page continue each other. It must be hard to guess.
// crypto.randomUUID is missing where the page comes without https; getRandomValues is not.

export function newConversationId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  return Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
}
