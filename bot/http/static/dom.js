// Builds elements. Text only ever becomes a text node, so that nothing read from an article,
// a question or an answer can become markup.

/**
 * @param {string} tag
 * @param {Object<string, unknown>} properties attributes; `class`, `on` ({event: listener}) and
 *   `data` ({name: value}) besides; null, undefined and false are left out, true sets an empty one
 * @param {...(Node|string|null|undefined|Array<Node|string>)} children
 */
export function element(tag, properties = {}, ...children) {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(properties)) {
    if (name === "on") {
      for (const [event, listener] of Object.entries(value)) made.addEventListener(event, listener);
    } else if (name === "data") {
      Object.assign(made.dataset, value);
    } else if (value !== null && value !== undefined && value !== false) {
      made.setAttribute(name, value === true ? "" : String(value));
    }
  }
  made.append(...children.flat().filter((child) => child !== null && child !== undefined));
  return made;
}

/** A `<button type="button">` with a listener. */
export function button(label, onPress, properties = {}) {
  return element("button", { type: "button", ...properties, on: { click: onPress } }, label);
}

/** The element of the page with that id; the pages have all that the scripts name. */
export function byId(id) {
  const found = document.getElementById(id);
  if (!found) throw new Error(`no element #${id}`);
  return found;
}

/** A bar of `share` (0 to 1); the figure stands beside it as text. */
export function bar(share, kind = "") {
  const filled = element("span", { class: "bar-filled" });
  filled.style.inlineSize = `${Math.round(Math.min(1, Math.max(0, share)) * 1000) / 10}%`;
  return element("span", { class: `bar ${kind}`.trim(), "aria-hidden": "true" }, filled);
}
