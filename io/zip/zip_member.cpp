#include <zlib.h>

#include <algorithm>
#include <array>
#include <new>

#include "cornu/io/zip/internal/zip.h"

namespace cornu::io::zip {

using graph::message;

namespace {

constexpr std::uint64_t kMaxDeflateRatio = 1032;  // what deflate can make of one byte, at most

class StoredMember final : public ZipMemberSource {
 public:
  StoredMember(const InputFile& file, const ZipMember& member, std::uint64_t data_offset)
      : ZipMemberSource(file.name() + ": " + member.name),
        file_(file),
        at_(data_offset),
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
  DeflatedMember(const InputFile& file, const ZipMember& member, std::uint64_t data_offset)
      : ZipMemberSource(file.name() + ": " + member.name),
        file_(file),
        at_(data_offset),
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

std::unique_ptr<ZipMemberSource> member_source(const InputFile& file, const ZipMember& member,
                                               std::uint64_t data_offset) {
  if (member.flags & 1) file.malformed("member '", member.name, "' is encrypted");
  if (member.method == 0) {
    if (member.size != member.compressed)
      file.malformed("member '", member.name, "' is stored, yet has two sizes: the file is damaged");
    return std::make_unique<StoredMember>(file, member, data_offset);
  }
  if (member.method != 8)
    file.malformed("member '", member.name, "' has compression method ", member.method,
                   "; only stored (0) and deflated (8) members can be read");
  if (member.size / kMaxDeflateRatio > member.compressed)
    file.malformed("member '", member.name, "' of ", member.compressed, " bytes cannot hold the ", member.size,
                   " bytes it promises");
  return std::make_unique<DeflatedMember>(file, member, data_offset);
}

}  // namespace cornu::io::zip
