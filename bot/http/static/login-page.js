// The page "/dang-nhap": logs in with a key, and out.

import { getJson, post, remove, wordsFor } from "./api.js";
import { byId } from "./dom.js";

/**
 * Where to go after the login: a path of this site, whatever the address was made to say.
 * A browser reads `//host`, `/\host` and `/<tab>/host` as another site.
 */
export function safePath(wanted, origin) {
  if (!wanted || !wanted.startsWith("/")) return "/";
  try {
    const url = new URL(wanted, origin);
    const path = url.pathname + url.search + url.hash;
    const isOwn = url.origin === origin && new URL(path, origin).origin === origin;
    return isOwn && !path.startsWith("//") ? path : "/";
  } catch {
    return "/";
  }
}

async function start() {
  byId("login").addEventListener("submit", logIn);
  byId("log-out").addEventListener("click", logOut);
  try {
    const { name, needs_login: needsLogin } = await getJson("/v1/session");
    if (needsLogin && name === null) {
      byId("key").focus();
      return;
    }
    byId("login").hidden = true;
    byId("logged-in").hidden = false;
    byId("log-out").hidden = !needsLogin;
    byId("who").textContent = needsLogin
      ? `Đang đăng nhập với tên ${name}.`
      : "Dịch vụ này không cần đăng nhập.";
  } catch {
    // The form works without knowing.
  }
}

async function logIn(event) {
  event.preventDefault();
  byId("told").textContent = "";
  try {
    await post("/v1/session", { key: byId("key").value.trim() });
  } catch (error) {
    byId("told").textContent = wordsFor(error);
    byId("key").setAttribute("aria-invalid", "true");
    byId("key").select();
    return;
  }
  const wanted = new URLSearchParams(location.search).get("tiep");
  location.replace(safePath(wanted, location.origin));
}

async function logOut() {
  try {
    await remove("/v1/session");
    location.reload();
  } catch (error) {
    byId("who").textContent = wordsFor(error);
  }
}

start();
