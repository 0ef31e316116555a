#include "cornu/io/tensorboard/internal/record.h"

#include <bit>
#include <cstring>

#include "cornu/io/internal/crc32c.h"

namespace cornu::io::tensorboard::internal {

using io::internal::masked_crc32c;

static_assert(std::endian::native == std::endian::little, "records hold little endian numbers");

namespace {

template <class T>
T number(std::string_view bytes) {
  T value;
  std::memcpy(&value, bytes.data(), sizeof value);
  return value;
}

}  // namespace

std::string record(std::string_view data) {
  const std::uint64_t length = data.size();
  std::string out(kRecordHeader + data.size() + kRecordFooter, '\0');
  std::memcpy(out.data(), &length, sizeof length);
  const std::uint32_t crc = masked_crc32c({out.data(), sizeof length});
  std::memcpy(out.data() + sizeof length, &crc, sizeof crc);
  if (!data.empty()) std::memcpy(out.data() + kRecordHeader, data.data(), data.size());
  seal_record(out);
  return out;
}

void seal_record(std::string& record) {
  const std::size_t length = record.size() - kRecordHeader - kRecordFooter;
  const std::uint32_t crc = masked_crc32c({record.data() + kRecordHeader, length});
  std::memcpy(record.data() + kRecordHeader + length, &crc, sizeof crc);
}

std::optional<std::uint64_t> record_length(std::string_view header) {
  if (number<std::uint32_t>(header.substr(8)) != masked_crc32c(header.substr(0, 8))) return std::nullopt;
  return number<std::uint64_t>(header);
}

bool record_footer_fits(std::string_view data, std::string_view footer) {
  return number<std::uint32_t>(footer) == masked_crc32c(data);
}

std::size_t record_size(std::string_view records) {
  return kRecordHeader + static_cast<std::size_t>(number<std::uint64_t>(records)) + kRecordFooter;
}

}  // namespace cornu::io::tensorboard::internal
