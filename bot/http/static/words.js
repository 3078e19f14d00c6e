// The words around an answer, in the language of its question. The page itself is Vietnamese.

const VIETNAMESE = {
  question: "Hỏi",
  sources: "Nguồn",
  showSources: (number) => `Xem lời trích (${number})`,
  hideSources: "Ẩn lời trích",
  copy: "Sao chép",
  copied: "Đã sao chép câu trả lời và nguồn.",
  notCopied: "Trình duyệt không cho sao chép. Xin bôi đen rồi nhấn Ctrl + C.",
  print: "In",
  why: "Vì sao?",
  whyTitle: "Vì sao có câu trả lời này?",
  askOn: "Hỏi tiếp",
  rate: "Câu trả lời này có ích không?",
  up: "Có ích",
  down: "Chưa đúng",
  reason: "Anh/chị có thể cho biết thêm (không bắt buộc)",
  sendReason: "Gửi ý kiến",
  thanks: "Đã ghi nhận. Cảm ơn anh/chị.",
  thanksForReason: "Đã gửi ý kiến. Cảm ơn anh/chị.",
  understood: "Đã hiểu câu hỏi là:",
  also: "cũng có trong:",
  open: (label) => `Xem nguồn: ${label}`,
};

const ENGLISH = {
  question: "Question",
  sources: "Sources",
  showSources: (number) => `Show quotes (${number})`,
  hideSources: "Hide quotes",
  copy: "Copy",
  copied: "The answer and its sources were copied.",
  notCopied: "The browser does not allow copying. Please select the text and press Ctrl + C.",
  print: "Print",
  why: "Why?",
  whyTitle: "Why this answer?",
  askOn: "Ask on",
  rate: "Was this answer useful?",
  up: "Useful",
  down: "Not right",
  reason: "You may say more (optional)",
  sendReason: "Send",
  thanks: "Noted. Thank you.",
  thanksForReason: "Sent. Thank you.",
  understood: "Read as:",
  also: "also in:",
  open: (label) => `Show source: ${label}`,
};

export function wordsOf(language) {
  return language === "en" ? ENGLISH : VIETNAMESE;
}
