// Numbers, days and months as they are written in Vietnamese.

const NUMBER = new Intl.NumberFormat("vi-VN");

export function count(number) {
  return NUMBER.format(number);
}

/** With that many digits behind the comma. */
export function decimal(number, digits) {
  return number.toLocaleString("vi-VN", {
    minimumFractionDigits: digits,
    maximumFractionDigits: digits,
  });
}

/** `2024-07-23` -> `23/7/2024`; what is no ISO day stays as it is. */
export function day(iso) {
  const match = /^(\d{4})-(\d{2})-(\d{2})/.exec(iso ?? "");
  return match ? `${Number(match[3])}/${Number(match[2])}/${match[1]}` : (iso ?? "");
}

/** A moment in this computer's time: `14:05, 23/7/2024`. */
export function moment(value) {
  const date = new Date(value);
  if (Number.isNaN(date.getTime())) return "";
  const minutes = String(date.getMinutes()).padStart(2, "0");
  const hours = String(date.getHours()).padStart(2, "0");
  return `${hours}:${minutes}, ${date.getDate()}/${date.getMonth() + 1}/${date.getFullYear()}`;
}

/** A period of the filters: `từ 1/2024 đến 7/2024`; empty where there is none. */
function period(from, to) {
  if (from && from === to) return from;
  return [from && `từ ${from}`, to && `đến ${to}`].filter(Boolean).join(" ");
}

/** Filters in words, `Bắc Kạn · từ 1/2024`; empty where nothing is filtered. */
export function describe({ province = [], source = [], from = "", to = "" }) {
  return [...province, ...source, period(from, to)].filter(Boolean).join(" · ");
}
