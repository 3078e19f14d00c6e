// Shows in the head of a page who is logged in, where people log in at all.

import { getJson } from "./api.js";
import { byId, element } from "./dom.js";

export async function showAccount() {
  try {
    const { name, needs_login: needsLogin } = await getJson("/v1/session");
    if (!needsLogin || name === null) return;
    byId("account").replaceChildren(element("a", { href: "/dang-nhap" }, `Tài khoản: ${name}`));
  } catch {
    // The page works without it.
  }
}
