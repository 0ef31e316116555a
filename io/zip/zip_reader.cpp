#include <algorithm>
#include <array>
#include <bit>
#include <cstring>
#include <optional>
#include <set>

#include "cornu/io/zip/internal/zip.h"

namespace cornu::io::zip {

// The layout is that of PKWARE's APPNOTE.TXT; all numbers are little-endian.

namespace {

constexpr std::uint32_t kLocal = 0x04034b50, kCentral = 0x02014b50, kEnd = 0x06054b50, kEnd64 = 0x06064b50,
                        kEnd64Locator = 0x07064b50;
constexpr std::size_t kEndSize = 22, kEnd64Size = 56, kLocatorSize = 20, kEntrySize = 46, kLocalSize = 30;

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
  std::uint64_t prefix = 0;  // bytes before the archive, which its own offsets do not count
};

/// The record behind a directory that needs 64 bits, if there is one; `end` is where the record of 32 bits starts.
std::optional<std::uint64_t> find_end64(const InputFile& file, std::uint64_t end) {
  if (end < kLocatorSize) return std::nullopt;
  std::array<std::byte, kLocatorSize> locator;
  file.read_at(end - kLocatorSize, locator);
  if (u32(locator, 0) != kEnd64Locator) return std::nullopt;
  // Its own account of the place is wrong where bytes come before the archive; then it is directly before the locator.
  std::array<std::byte, 4> signature;
  for (const std::uint64_t at : {u64(locator, 8), end - kLocatorSize - kEnd64Size})
    if (at <= end - kLocatorSize && end - kLocatorSize - at >= kEnd64Size) {
      file.read_at(at, signature);
      if (u32(signature, 0) == kEnd64) return at;
    }
  file.malformed("damaged ZIP64 directory");
}

Directory find_directory(const InputFile& file) {
  constexpr std::uint64_t kLongestComment = 65535;
  std::vector<std::byte> tail(std::min<std::uint64_t>(file.size(), kEndSize + kLongestComment));
  const std::uint64_t tail_offset = file.size() - tail.size();
  file.read_at(tail_offset, tail);
  std::optional<std::size_t> at;
  for (std::size_t i = tail.size() >= kEndSize ? tail.size() - kEndSize + 1 : 0; i-- > 0 && !at;)
    if (u32(tail, i) == kEnd && i + kEndSize + u16(tail, i + 20) == tail.size()) at = i;
  if (!at) file.malformed("not a ZIP archive, or truncated: it has no directory");
  Directory directory{u32(tail, *at + 16), u32(tail, *at + 12), u16(tail, *at + 10)};
  std::uint64_t end = tail_offset + *at;
  std::uint64_t disk = u16(tail, *at + 4);

  const bool zip64 = directory.offset == 0xffffffff || directory.size == 0xffffffff || directory.members == 0xffff;
  if (const auto at64 = zip64 ? find_end64(file, end) : std::nullopt) {
    std::array<std::byte, kEnd64Size> end64;
    file.read_at(end = *at64, end64);
    directory = {u64(end64, 48), u64(end64, 40), u64(end64, 32)};
    disk = u32(end64, 16);
  }
  if (disk != 0) file.malformed("a ZIP archive in several parts cannot be read");
  if (directory.offset > end || directory.size > end - directory.offset)
    file.malformed("damaged ZIP directory: it reaches beyond its end");
  directory.prefix = end - directory.size - directory.offset;
  directory.offset += directory.prefix;
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

/// Refuses members that share bytes: a few of them could give the same bytes very often.
void require_apart(const InputFile& file, const std::vector<ZipMember>& members, std::uint64_t end) {
  std::vector<const ZipMember*> in_order;
  for (const ZipMember& member : members) in_order.push_back(&member);
  std::sort(in_order.begin(), in_order.end(), [](auto* a, auto* b) { return a->offset < b->offset; });
  for (std::size_t i = 0; i < in_order.size(); ++i) {
    const ZipMember& member = *in_order[i];
    const std::uint64_t limit = i + 1 < in_order.size() ? in_order[i + 1]->offset : end;
    const std::uint64_t head = kLocalSize + member.name.size();
    if (limit > end || member.offset > limit || head > limit - member.offset ||
        member.compressed > limit - member.offset - head)
      file.malformed("member '", member.name, "' overlaps what follows it (damaged, or made to unpack to too much)");
  }
}

}  // namespace

ZipReader::ZipReader(const std::filesystem::path& path) : file_(path) {
  const Directory directory = find_directory(file_);
  if (directory.members > directory.size / kEntrySize)
    file_.malformed("damaged ZIP directory: too short for its ", directory.members, " members");
  std::vector<std::byte> bytes(directory.size);
  file_.read_at(directory.offset, bytes);
  std::span<const std::byte> left = bytes;
  std::set<std::string> names;
  for (std::uint64_t i = 0; i < directory.members; ++i) {
    if (left.size() < kEntrySize || u32(left, 0) != kCentral) file_.malformed("damaged ZIP directory");
    ZipMember member{{}, u16(left, 8), u16(left, 10), u32(left, 16), u32(left, 20), u32(left, 24), u32(left, 42)};
    const std::size_t name = u16(left, 28), extra = u16(left, 30), comment = u16(left, 32);
    if (name + extra + comment > left.size() - kEntrySize) file_.malformed("damaged ZIP directory");
    member.name.assign(reinterpret_cast<const char*>(left.data()) + kEntrySize, name);
    if (!names.insert(member.name).second) file_.malformed("has two members of the name '", member.name, "'");
    apply_zip64(left.subspan(kEntrySize + name, extra), member, file_);
    if (member.offset > directory.offset - directory.prefix)
      file_.malformed("member '", member.name, "' reaches beyond the directory (truncated or damaged)");
    member.offset += directory.prefix;
    left = left.subspan(kEntrySize + name + extra + comment);
    members_.push_back(std::move(member));
  }
  require_apart(file_, members_, directory.offset);
}

const ZipMember* ZipReader::find(std::string_view name) const {
  const auto found = std::find_if(members_.begin(), members_.end(), [&](auto& member) { return member.name == name; });
  return found == members_.end() ? nullptr : &*found;
}

std::unique_ptr<ZipMemberSource> ZipReader::open(const ZipMember& member) const {
  std::array<std::byte, kLocalSize> local;
  file_.read_at(member.offset, local);
  if (u32(local, 0) != kLocal) file_.malformed("damaged ZIP archive: no header of member '", member.name, "'");
  std::string name(u16(local, 26), ' ');
  file_.read_at(member.offset + local.size(), std::as_writable_bytes(std::span(name)));
  if (name != member.name)
    file_.malformed("member '", member.name, "' has another name, '", name, "', where it starts: the file is damaged");
  const std::uint64_t offset = member.offset + local.size() + name.size() + u16(local, 28);
  if (offset > file_.size() || member.compressed > file_.size() - offset)
    file_.malformed("member '", member.name, "' reaches beyond the file's end (truncated or damaged)");
  return member_source(file_, member, offset);
}

}  // namespace cornu::io::zip
