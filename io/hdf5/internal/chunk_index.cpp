#include "cornu/io/hdf5/internal/chunk_index.h"

#include <optional>
#include <span>

#include "cornu/io/zip/internal/inflated_size.h"

namespace cornu::io::hdf5::internal {

using graph::require;

namespace {

/// The place of a chunk: the coordinates of its first element. They are ordered as the chunks are.
using Place = std::vector<std::uint64_t>;

struct Key {
  std::uint64_t size;
  Place place;
};

class ChunkIndex {
 public:
  ChunkIndex(FileMap& map, const Layout& layout, const Dataspace& space, const std::vector<Filter>& filters)
      : map_(map), chunk_(layout.chunk), dims_(space.dims), filters_(filters) {
    for (auto length : chunk_) chunk_bytes_ = saturating_product(chunk_bytes_, length);
  }

  /// A node whose chunks p are in low <= p < high; no level known for the root.
  void read_node(std::uint64_t address, std::optional<int> expected_level, const Place* low, const Place* high);

  std::uint64_t stored = 0;

 private:
  Key read_key(Cursor& in) const;
  void take_chunk(const Key& key, std::uint64_t address);
  std::optional<std::uint64_t> unpacked_size(std::span<const std::uint8_t> bytes) const;

  FileMap& map_;
  const std::vector<std::uint32_t>& chunk_;
  const std::vector<std::uint64_t>& dims_;
  const std::vector<Filter>& filters_;
  std::uint64_t chunk_bytes_ = 1;
};

Key ChunkIndex::read_key(Cursor& in) const {
  Key key{in.u32(), {}};
  require<Unsupported>(in.u32() == 0, "a chunk that a filter left out");
  for (auto length : chunk_) {
    key.place.push_back(in.u64());
    require<Damage>(key.place.back() % length == 0, "a chunk at ", key.place.back(),
                    ", which is no multiple of its length ", length);
  }
  return key;
}

// The library takes it for granted that a chunk unpacks to its full size, and would read behind a shorter one.
std::optional<std::uint64_t> ChunkIndex::unpacked_size(std::span<const std::uint8_t> bytes) const {
  constexpr std::uint64_t kChecksum = 4;
  std::uint64_t size = bytes.size();
  for (auto filter = filters_.rbegin(); filter != filters_.rend(); ++filter) {
    if (*filter == Filter::fletcher32) {
      if (size < kChecksum) return std::nullopt;
      size -= kChecksum;
    } else if (*filter == Filter::gzip) {
      const auto inflated = zip::inflated_size(bytes.first(size), chunk_bytes_ + kChecksum);
      if (!inflated) return std::nullopt;
      size = *inflated;
    }
  }
  return size;
}

void ChunkIndex::take_chunk(const Key& key, std::uint64_t address) {
  for (std::size_t i = 0; i < dims_.size(); ++i)
    require<Damage>(key.place[i] < dims_[i], "a chunk outside of its dataset");
  require<Damage>(key.place.back() == 0, "a chunk that starts inside of an element");
  const auto bytes = map_.claim(address, key.size, "chunk");
  require<Damage>(unpacked_size(bytes) == chunk_bytes_, "a chunk at ", address, " that does not unpack to ",
                  chunk_bytes_, " bytes");
  stored += key.size;
}

void ChunkIndex::read_node(std::uint64_t address, std::optional<int> expected_level, const Place* low,
                           const Place* high) {
  constexpr std::uint64_t kCapacity = 64;  // superblocks 0, 2 and 3 fix it
  const std::uint64_t key_size = 8 + 8 * chunk_.size();
  const auto bytes = map_.claim(address, 24 + 8 * kCapacity + key_size * (kCapacity + 1), "chunk index");
  Cursor in(bytes, "chunk index");
  in.expect("TREE");
  const int type = in.u8(), level = in.u8();
  const unsigned count = in.u16();
  in.skip(16);  // the addresses of its neighbours, which only writers use
  require<Damage>(type == 1 && count <= kCapacity, "a chunk index of type ", type, " with ", count, " entries");
  require<Damage>(expected_level ? level == *expected_level : level <= 16, "a chunk index of level ", level);
  require<Damage>(count > 0 || !expected_level, "a chunk index without entries below another");
  if (count == 0) return;
  Key left = read_key(in);
  require<Damage>(!low || left.place >= *low, "chunk index: keys out of order");
  for (unsigned i = 0; i < count; ++i) {
    const auto child = in.u64();
    Key right = read_key(in);
    require<Damage>(left.place < right.place && (!high || right.place <= *high), "chunk index: keys out of order");
    if (level > 0)
      read_node(child, level - 1, &left.place, &right.place);
    else
      take_chunk(left, child);
    left = std::move(right);
  }
}

}  // namespace

std::uint64_t check_chunk_index(FileMap& map, const Layout& layout, const Dataspace& space,
                                const std::vector<Filter>& filters) {
  if (layout.address == kUndefined) return 0;  // no chunk was written
  ChunkIndex index(map, layout, space, filters);
  index.read_node(layout.address, std::nullopt, nullptr, nullptr);
  return index.stored;
}

}  // namespace cornu::io::hdf5::internal
