#include <zlib.h>

#include <cstring>

#include "cornu/io/zip/internal/zip.h"

namespace cornu::io::zip {

namespace {

constexpr std::uint16_t kVersion = 20, kVersion64 = 45, kUtf8Names = 1 << 11;
constexpr std::uint16_t kDate = 0x21;  // 1 January 1980, the earliest one: equal content gives equal bytes

class Record {
 public:
  Record& u16(std::uint64_t value) { return append(value, 2); }
  Record& u32(std::uint64_t value) { return append(value, 4); }
  Record& u64(std::uint64_t value) { return append(value, 8); }
  Record& text(std::string_view text) {
    bytes_ += text;
    return *this;
  }
  const std::string& bytes() const { return bytes_; }

 private:
  Record& append(std::uint64_t value, int size) {
    for (int i = 0; i < size; ++i) bytes_ += static_cast<char>(value >> 8 * i & 255);
    return *this;
  }
  std::string bytes_;
};

constexpr std::uint64_t kFull32 = 0xffffffff;

}  // namespace

void ZipWriter::write(std::string_view bytes) {
  file_.write(bytes.data(), bytes.size());
  position_ += bytes.size();
}

void ZipWriter::add(std::string_view name, std::initializer_list<std::span<const std::byte>> parts) {
  ZipMember member{std::string(name), kUtf8Names, 0, 0, 0, 0, position_};
  uLong crc = 0;
  for (const auto& part : parts) {
    crc = crc32_z(crc, reinterpret_cast<const Bytef*>(part.data()), part.size());
    member.size += part.size();
  }
  member.crc = static_cast<std::uint32_t>(crc);
  member.compressed = member.size;
  const bool zip64 = member.size >= zip64_from_;
  Record local;
  local.u32(0x04034b50).u16(zip64 ? kVersion64 : kVersion).u16(member.flags).u16(0).u16(0).u16(kDate).u32(member.crc);
  local.u32(zip64 ? kFull32 : member.size)
      .u32(zip64 ? kFull32 : member.size)
      .u16(name.size())
      .u16(zip64 ? 20 : 0)
      .text(name);
  if (zip64) local.u16(1).u16(16).u64(member.size).u64(member.size);
  write(local.bytes());
  for (const auto& part : parts) write({reinterpret_cast<const char*>(part.data()), part.size()});
  members_.push_back(std::move(member));
}

void ZipWriter::finish() {
  const std::uint64_t start = position_;
  for (const ZipMember& member : members_) {
    const bool long_size = member.size >= zip64_from_, long_offset = member.offset >= zip64_from_;
    Record extra;
    if (long_size) extra.u64(member.size).u64(member.size);
    if (long_offset) extra.u64(member.offset);
    const bool zip64 = !extra.bytes().empty();
    Record entry;
    const std::uint16_t version = zip64 ? kVersion64 : kVersion;
    entry.u32(0x02014b50).u16(version).u16(version).u16(member.flags).u16(0).u16(0).u16(kDate).u32(member.crc);
    entry.u32(long_size ? kFull32 : member.size).u32(long_size ? kFull32 : member.size);
    entry.u16(member.name.size())
        .u16(zip64 ? 4 + extra.bytes().size() : 0)
        .u16(0)
        .u16(0)
        .u16(0)
        .u32(0)
        .u32(long_offset ? kFull32 : member.offset);
    entry.text(member.name);
    if (zip64) entry.u16(1).u16(extra.bytes().size()).text(extra.bytes());
    write(entry.bytes());
  }
  const std::uint64_t end = position_, size = end - start, count = members_.size();
  const bool zip64 = end >= zip64_from_ || count >= 0xffff;
  Record record;
  if (zip64) {
    record.u32(0x06064b50)
        .u64(44)
        .u16(kVersion64)
        .u16(kVersion64)
        .u32(0)
        .u32(0)
        .u64(count)
        .u64(count)
        .u64(size)
        .u64(start);
    record.u32(0x07064b50).u32(0).u64(end).u32(1);
  }
  const std::uint64_t count16 = zip64 ? 0xffff : count;
  record.u32(0x06054b50)
      .u16(0)
      .u16(0)
      .u16(count16)
      .u16(count16)
      .u32(zip64 ? kFull32 : size)
      .u32(zip64 ? kFull32 : start)
      .u16(0);
  write(record.bytes());
}

}  // namespace cornu::io::zip
