#include <zlib.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <optional>

#include "cornu/io/zip/internal/zip.h"

namespace cornu::io::zip {

// The layout is that of PKWARE's APPNOTE.TXT; all numbers are little-endian.

using graph::FormatError;
using graph::message;

namespace {

constexpr std::uint32_t kLocal = 0x04034b50, kCentral = 0x02014b50, kEnd = 0x06054b50, kEnd64 = 0x06064b50,
                        kEnd64Locator = 0x07064b50;
constexpr std::uint64_t kMaxDeflateRatio = 1032;

template <class T>
T number(std::span<const std::byte> bytes, std::size_t at) {
  static_assert(std::endian::native == std::endian::little);
  T value;
  std::memcpy(&value, bytes.data() + at, sizeof value);
  return value;
}
std::uint16_t u16(std::span<const std::byte> bytes, std::size_t at) { return number<std::uint16_t>(bytes, at); }
std::uint32_t u32(std::span<const std::byte> bytes, std::size_t at) { return number<std::uint32_t>(bytes, at); }
std::uint64_t u64(std::span<const std::byte> bytes, std::size_t at) { return number<std::uint64_t>(bytes, at); }

struct Directory {
  std::uint64_t offset, size, members;
};

Directory find_directory(const InputFile& file) {
  constexpr std::uint64_t kEndSize = 22, kLongestComment = 65535;
  std::vector<std::byte> tail(std::min(file.size(), kEndSize + kLongestComment));
  const std::uint64_t tail_offset = file.size() - tail.size();
  file.read_at(tail_offset, tail);
  std::optional<std::size_t> at;
  for (std::size_t i = tail.size() >= kEndSize ? tail.size() - kEndSize + 1 : 0; i-- > 0 && !at;)
    if (u32(tail, i) == kEnd && i + kEndSize + u16(tail, i + 20) == tail.size()) at = i;
  if (!at) file.malformed("not a .npz file, or truncated: it has no ZIP directory");
  Directory directory{u32(tail, *at + 16), u32(tail, *at + 12), u16(tail, *at + 10)};

  const std::uint64_t end = tail_offset + *at;
  const bool zip64 = directory.offset == 0xffffffff || directory.size == 0xffffffff || directory.members == 0xffff;
  if (zip64 && end >= 20) {
    std::array<std::byte, 20> locator;
    file.read_at(end - 20, locator);
    if (u32(locator, 0) == kEnd64Locator) {
      std::array<std::byte, 56> end64;
      file.read_at(u64(locator, 8), end64);
      if (u32(end64, 0) != kEnd64) file.malformed("damaged ZIP64 directory");
      directory = {u64(end64, 48), u64(end64, 40), u64(end64, 32)};
    }
  }
  if (directory.offset > end || directory.size > end - directory.offset)
    file.malformed("damaged ZIP directory: it reaches beyond its end");
  return directory;
}

/// Replaces the sizes and the offset that did not fit into 32 bits.
void apply_zip64(std::span<const std::byte> extra, ZipMember& member, const InputFile& file) {
  const bool needed = member.size == 0xffffffff || member.compressed == 0xffffffff || member.offset == 0xffffffff;
  while (needed && extra.size() >= 4) {
    const std::size_t id = u16(extra, 0), length = u16(extra, 2);
    if (length > extra.size() - 4) break;
    if (id == 1) {
      std::span<const std::byte> fields = extra.subspan(4, length);
      for (std::uint64_t* value : {&member.size, &member.compressed, &member.offset})
        if (*value == 0xffffffff) {
          if (fields.size() < 8) file.malformed("damaged ZIP64 sizes of member '", member.name, "'");
          *value = u64(fields, 0);
          fields = fields.subspan(8);
        }
      return;
    }
    extra = extra.subspan(4 + length);
  }
}

std::uint64_t data_offset(const InputFile& file, const ZipMember& member) {
  std::array<std::byte, 30> local;
  file.read_at(member.offset, local);
  if (u32(local, 0) != kLocal) file.malformed("damaged ZIP archive: no header of member '", member.name, "'");
  const std::uint64_t offset = member.offset + local.size() + u16(local, 26) + u16(local, 28);
  if (offset > file.size() || member.compressed > file.size() - offset)
    file.malformed("member '", member.name, "' reaches beyond the file's end (truncated or damaged)");
  return offset;
}

class StoredMember final : public ZipMemberSource {
 public:
  StoredMember(const InputFile& file, const ZipMember& member)
      : ZipMemberSource(file.name() + ": " + member.name),
        file_(file),
        at_(data_offset(file, member)),
        left_(member.size),
        expected_crc_(member.crc) {}
  std::uint64_t left() const override { return left_; }
  void read(std::span<std::byte> out) override {
    if (out.size() > left_) malformed("ends too early (truncated or damaged)");
    file_.read_at(at_, out);
    at_ += out.size();
    left_ -= out.size();
    crc_ = crc32_z(crc_, reinterpret_cast<const Bytef*>(out.data()), out.size());
  }
  void finish() override {
    std::vector<std::byte> rest(std::min<std::uint64_t>(left_, 1 << 16));
    while (left_ > 0) read(std::span(rest).first(std::min<std::uint64_t>(left_, rest.size())));
    if (crc_ != expected_crc_) malformed("wrong checksum (CRC-32): the file is damaged");
  }

 private:
  const InputFile& file_;
  std::uint64_t at_, left_;
  std::uint32_t expected_crc_;
  uLong crc_ = 0;
};

class DeflatedMember final : public ZipMemberSource {
 public:
  DeflatedMember(const InputFile& file, const ZipMember& member)
      : ZipMemberSource(file.name() + ": " + member.name),
        file_(file),
        at_(data_offset(file, member)),
        compressed_left_(member.compressed),
        left_(member.size),
        expected_crc_(member.crc) {
    if (inflateInit2(&stream_, -MAX_WBITS) != Z_OK) throw std::bad_alloc();
  }
  ~DeflatedMember() override { inflateEnd(&stream_); }
  std::uint64_t left() const override { return left_; }
  void read(std::span<std::byte> out) override {
    if (out.size() > left_) malformed("ends too early (truncated or damaged)");
    left_ -= out.size();
    while (!out.empty()) {
      const std::size_t n = inflate_into(out.first(std::min<std::size_t>(out.size(), 1u << 30)));
      if (n == 0) malformed("its deflated data ends too early (truncated or damaged)");
      crc_ = crc32_z(crc_, reinterpret_cast<const Bytef*>(out.data()), n);
      out = out.subspan(n);
    }
  }
  void finish() override {
    std::vector<std::byte> rest(1 << 16);
    while (left_ > 0) read(std::span(rest).first(std::min<std::uint64_t>(left_, rest.size())));
    if (inflate_into(std::span(rest).first(1)) != 0) malformed("its deflated data is longer than the archive says");
    if (crc_ != expected_crc_) malformed("wrong checksum (CRC-32): the file is damaged");
  }

 private:
  /// Returns how many bytes came: 0 only at the end of the stream or of its input.
  std::size_t inflate_into(std::span<std::byte> out) {
    stream_.next_out = reinterpret_cast<Bytef*>(out.data());
    stream_.avail_out = static_cast<uInt>(out.size());
    while (stream_.avail_out == out.size() && !ended_) {
      if (stream_.avail_in == 0 && compressed_left_ > 0) {
        const std::size_t n = std::min<std::uint64_t>(compressed_left_, input_.size());
        file_.read_at(at_, std::span(input_).first(n));
        at_ += n;
        compressed_left_ -= n;
        stream_.next_in = reinterpret_cast<Bytef*>(input_.data());
        stream_.avail_in = static_cast<uInt>(n);
      }
      const int status = inflate(&stream_, Z_NO_FLUSH);
      ended_ = status == Z_STREAM_END;
      if (status == Z_MEM_ERROR) throw std::bad_alloc();
      if (status == Z_BUF_ERROR && stream_.avail_in == 0 && compressed_left_ == 0) break;
      if (status != Z_OK && status != Z_STREAM_END && status != Z_BUF_ERROR)
        malformed("damaged deflated data", stream_.msg ? message(": ", stream_.msg) : std::string());
    }
    return out.size() - stream_.avail_out;
  }

  const InputFile& file_;
  std::uint64_t at_, compressed_left_, left_;
  std::uint32_t expected_crc_;
  uLong crc_ = 0;
  bool ended_ = false;
  z_stream stream_{};
  std::array<std::byte, 1 << 16> input_;
};

}  // namespace

ZipReader::ZipReader(const std::filesystem::path& path) : file_(path) {
  const Directory directory = find_directory(file_);
  constexpr std::size_t kEntrySize = 46;
  if (directory.members > directory.size / kEntrySize)
    file_.malformed("damaged ZIP directory: too short for its ", directory.members, " members");
  std::vector<std::byte> bytes(directory.size);
  file_.read_at(directory.offset, bytes);
  std::span<const std::byte> left = bytes;
  for (std::uint64_t i = 0; i < directory.members; ++i) {
    if (left.size() < kEntrySize || u32(left, 0) != kCentral) file_.malformed("damaged ZIP directory");
    ZipMember member{{}, u16(left, 8), u16(left, 10), u32(left, 16), u32(left, 20), u32(left, 24), u32(left, 42)};
    const std::size_t name = u16(left, 28), extra = u16(left, 30), comment = u16(left, 32);
    if (name + extra + comment > left.size() - kEntrySize) file_.malformed("damaged ZIP directory");
    member.name.assign(reinterpret_cast<const char*>(left.data()) + kEntrySize, name);
    apply_zip64(left.subspan(kEntrySize + name, extra), member, file_);
    left = left.subspan(kEntrySize + name + extra + comment);
    members_.push_back(std::move(member));
  }
}

std::unique_ptr<ZipMemberSource> ZipReader::open(const ZipMember& member) const {
  if (member.flags & 1) file_.malformed("member '", member.name, "' is encrypted");
  if (member.method == 0) {
    if (member.size != member.compressed)
      file_.malformed("member '", member.name, "' is stored, yet has two sizes: the file is damaged");
    return std::make_unique<StoredMember>(file_, member);
  }
  if (member.method != 8)
    file_.malformed("member '", member.name, "' has compression method ", member.method,
                    "; only stored (0) and deflated (8) members can be read");
  if (member.size / kMaxDeflateRatio > member.compressed)
    file_.malformed("member '", member.name, "' of ", member.compressed, " bytes cannot hold the ", member.size,
                    " bytes it promises");
  return std::make_unique<DeflatedMember>(file_, member);
}

}  // namespace cornu::io::zip
