// What the parts of a record of an answer are called.

export const STEPS = {
  understand: "Hiểu câu hỏi",
  encode: "Tính nghĩa của câu hỏi",
  sparse: "Tìm theo từ",
  dense: "Tìm theo nghĩa",
  fusion: "Gộp hai danh sách",
  reranking: "Xem kỹ và xếp lại",
  records: "Lấy bài viết",
  answer: "Chọn câu trả lời",
  total: "Tất cả",
};

export const BONUSES = {
  place: "Cộng: đúng địa phương",
  period: "Cộng: đúng thời gian",
  latest: "Cộng: bài mới",
  source: "Cộng: đúng nguồn",
};

export const OUTCOMES = {
  answered: "đã trả lời",
  partly_answered: "trả lời được một phần",
  no_evidence: "các bài không nói đến",
  no_article_for_place_or_period: "không có bài cho nơi hoặc thời gian được hỏi",
  small_talk: "lời chào",
  question_invalid: "câu hỏi không dùng được",
  index_missing: "kho chưa sẵn sàng",
  llm_unavailable: "mô hình ngôn ngữ không phản hồi, câu trả lời là trích nguyên văn",
  busy: "đang quá đông người hỏi",
};

export const WIDENED = { place: "mọi nơi", period: "mọi thời gian" };
