#include "cornu/io/hdf5/internal/file_map.h"

#include <algorithm>
#include <iterator>

namespace cornu::io::hdf5::internal {

using graph::require;

FileMap::FileMap(const Bytes& bytes) : bytes_(bytes) { read_superblock(); }

void FileMap::require_inside(std::uint64_t address, std::uint64_t size, std::string_view what) const {
  const std::uint64_t end = superblock_.end;
  require<Damage>(address <= end && size <= end - address, what, " at ", address, " (", size,
                  " bytes) passes the end of the file (", end, ")");
}

std::vector<std::uint8_t> FileMap::peek(std::uint64_t address, std::uint64_t size, std::string_view what) const {
  require_inside(address, size, what);
  return bytes_.read(base_ + address, size, what);
}

std::vector<std::uint8_t> FileMap::claim(std::uint64_t address, std::uint64_t size, std::string_view what) {
  claim_data(address, size, what);
  return peek(address, size, what);
}

void FileMap::claim_data(std::uint64_t address, std::uint64_t size, std::string_view what) {
  require_inside(address, size, what);
  if (size == 0) return;
  const auto next = taken_.lower_bound(address);
  const bool free_after = next == taken_.end() || next->first >= address + size;
  const bool free_before = next == taken_.begin() || std::prev(next)->second <= address;
  require<Damage>(free_after && free_before, what, " at ", address, " (", size,
                  " bytes) overlaps another part of the file");
  taken_.emplace_hint(next, address, address + size);
}

constexpr std::string_view kSignature("\x89HDF\r\n\x1a\n", 8);

std::uint64_t FileMap::find_signature() const {
  // A program's own bytes may come first, the user block: 512 of them or twice that, again and again.
  for (std::uint64_t at = 0; at <= bytes_.size() - kSignature.size(); at = std::max<std::uint64_t>(512, at * 2)) {
    const auto head = bytes_.read(at, kSignature.size(), "signature");
    if (std::equal(head.begin(), head.end(), kSignature.begin(),
                   [](std::uint8_t byte, char c) { return byte == static_cast<std::uint8_t>(c); }))
      return at;
  }
  throw Damage("not an HDF5 file (HDF5's signature is neither at its start nor behind a user block)");
}

void FileMap::read_superblock() {
  require<Damage>(bytes_.size() > 0, "the file is empty");
  require<Damage>(bytes_.size() > kSignature.size(), "not an HDF5 file: it has ", bytes_.size(), " bytes only");
  base_ = find_signature();
  const auto head = bytes_.read(base_, std::min<std::uint64_t>(bytes_.size() - base_, 96), "superblock");
  Cursor in(head, "superblock");
  in.skip(8);
  superblock_.version = in.u8();
  const std::size_t needed = superblock_.version == 0 ? 96 : 48;
  require<Damage>(head.size() >= needed, "truncated: it has ", bytes_.size(), " bytes only");
  switch (superblock_.version) {
    case 0:
      read_version_0(in);
      break;
    case 2:
    case 3:
      read_version_2(in);
      break;
    default:
      throw Unsupported(graph::message("superblock version ", superblock_.version, " (versions 0, 2 and 3 are read)"));
  }
  require<Damage>(superblock_.end <= bytes_.size() && superblock_.end >= base_, "truncated: it should have ",
                  superblock_.end, " bytes, but has ", bytes_.size());
  superblock_.end -= base_;
  claim_data(0, in.position(), "superblock");
}

void FileMap::read_version_0(Cursor& in) {
  in.skip(4);  // versions of the free list (0) and of the root's entry, a reserved byte, the version of shared headers
  const int offset_size = in.u8(), length_size = in.u8();
  require<Unsupported>(offset_size == 8 && length_size == 8, "addresses of ", offset_size, " and lengths of ",
                       length_size, " bytes (8 are read)");
  in.skip(1);
  superblock_.leaf_k = in.u16();
  superblock_.internal_k = in.u16();
  require<Damage>(superblock_.leaf_k > 0 && superblock_.internal_k > 0, "superblock: group nodes without entries");
  in.skip(4);
  require<Unsupported>(in.u64() == base_, "a superblock that stands somewhere else than it says");
  require<Unsupported>(in.u64() == kUndefined, "a file with stored free space");
  superblock_.end = in.u64();
  require<Unsupported>(in.u64() == kUndefined, "a file split by a driver");
  in.skip(8);
  superblock_.root = in.u64();
  const auto cache = in.u32();
  in.skip(4);
  require<Damage>(cache <= 1, "superblock: the root group is cached as kind ", cache);
  const auto btree = in.u64(), heap = in.u64();
  if (cache == 1) superblock_.root_btree = btree, superblock_.root_heap = heap;
}

void FileMap::read_version_2(Cursor& in) {
  const int offset_size = in.u8(), length_size = in.u8();
  require<Unsupported>(offset_size == 8 && length_size == 8, "addresses of ", offset_size, " and lengths of ",
                       length_size, " bytes (8 are read)");
  in.skip(1);
  require<Unsupported>(in.u64() == base_, "a superblock that stands somewhere else than it says");
  require<Unsupported>(in.u64() == kUndefined, "a superblock extension");
  superblock_.end = in.u64();
  superblock_.root = in.u64();
  in.skip(4);  // the checksum, which the library compares
}

}  // namespace cornu::io::hdf5::internal
