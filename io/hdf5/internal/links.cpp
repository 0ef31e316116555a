#include "cornu/io/hdf5/internal/links.h"

#include <optional>
#include <string_view>

namespace cornu::io::hdf5::internal {

using graph::require;

namespace {

void require_name(std::string_view name) {
  require<Damage>(!name.empty() && name != "." && name.find('/') == std::string_view::npos,
                  "a group has an entry named \"", name, "\"");
}

/// Reads one group's symbol table from the top down.
class SymbolTable {
 public:
  SymbolTable(FileMap& map, std::uint64_t heap) : map_(map) { read_heap(heap); }

  /// A node of the B-tree whose names n are in low < n <= high; no level known for the root.
  void read_node(std::uint64_t address, std::optional<int> expected_level, std::optional<std::string_view> low,
                 std::optional<std::string_view> high);

  std::vector<Link> links;

 private:
  void read_heap(std::uint64_t address);
  void read_symbols(std::uint64_t address, std::string_view low, std::string_view high);
  std::string_view name_at(std::uint64_t offset) const;

  FileMap& map_;
  std::vector<std::uint8_t> names_;
};

void SymbolTable::read_heap(std::uint64_t address) {
  const auto bytes = map_.claim(address, 32, "local heap");
  Cursor in(bytes, "local heap");
  in.expect("HEAP");
  require<Damage>(in.u8() == 0, "a local heap of unknown version");
  in.skip(3);
  const auto size = in.u64();
  auto free = in.u64();
  names_ = map_.claim(in.u64(), size, "names of a local heap");
  constexpr std::uint64_t kLast = 1;  // ends the list of free blocks
  for (std::size_t blocks = 0; free != kLast; ++blocks) {
    // A heap without free blocks may also say "no address".
    if (free == kUndefined && blocks == 0) break;
    require<Damage>(blocks <= names_.size() / 16, "local heap: the free blocks form a loop");
    require<Damage>(free < names_.size() && names_.size() - free >= 16, "local heap: a free block at ", free, " of ",
                    names_.size());
    Cursor block(std::span<const std::uint8_t>(names_).subspan(free), "local heap");
    const auto next = block.u64(), length = block.u64();
    require<Damage>(next != 0 && length >= 16 && length <= names_.size() - free, "local heap: a free block of ", length,
                    " bytes");
    free = next;
  }
}

std::string_view SymbolTable::name_at(std::uint64_t offset) const {
  require<Damage>(offset < names_.size(), "a name at ", offset, " of ", names_.size(), " bytes of names");
  return Cursor(std::span(names_).subspan(offset), "local heap").c_string();
}

void SymbolTable::read_node(std::uint64_t address, std::optional<int> expected_level,
                            std::optional<std::string_view> low, std::optional<std::string_view> high) {
  const std::uint64_t capacity = 2ull * map_.superblock().internal_k;
  const auto bytes = map_.claim(address, 24 + 8 * capacity + 8 * (capacity + 1), "B-tree node");
  Cursor in(bytes, "B-tree node");
  in.expect("TREE");
  const int type = in.u8(), level = in.u8();
  const unsigned count = in.u16();
  in.skip(16);  // the addresses of its neighbours, which only writers use
  require<Damage>(type == 0 && count <= capacity, "a group's B-tree node of type ", type, " with ", count, " entries");
  require<Damage>(expected_level ? level == *expected_level : level <= 16, "a B-tree node of level ", level);
  require<Damage>(count > 0 || !expected_level, "a B-tree node without entries below another");
  if (count == 0) return;
  std::string_view left = name_at(in.u64());
  require<Damage>(!low || left >= *low, "B-tree node: keys out of order");
  for (unsigned i = 0; i < count; ++i) {
    const auto child = in.u64();
    const std::string_view right = name_at(in.u64());
    require<Damage>(left < right && (!high || right <= *high), "B-tree node: keys out of order");
    if (level > 0)
      read_node(child, level - 1, left, right);
    else
      read_symbols(child, left, right);
    left = right;
  }
}

void SymbolTable::read_symbols(std::uint64_t address, std::string_view low, std::string_view high) {
  const std::uint64_t capacity = 2ull * map_.superblock().leaf_k;
  const auto bytes = map_.claim(address, 8 + 40 * capacity, "symbol node");
  Cursor in(bytes, "symbol node");
  in.expect("SNOD");
  require<Damage>(in.u8() == 1, "a symbol node of unknown version");
  in.skip(1);
  const unsigned count = in.u16();
  require<Damage>(count <= capacity, "a symbol node of ", count, " entries");
  for (unsigned i = 0; i < count; ++i) {
    const std::string_view name = name_at(in.u64());
    Link link{std::string(name), false, in.u64()};
    const auto cache = in.u32();
    in.skip(4);
    const auto btree = in.u64(), heap = in.u64();
    require_name(name);
    require<Damage>(low < name && name <= high, "symbol node: names out of order");
    require<Damage>(cache <= 2, "\"", name, "\" is cached as kind ", cache);
    if (cache == 1) link.cached_btree = btree, link.cached_heap = heap;
    if (cache == 2) {
      link.soft = true;
      name_at(btree & 0xffffffffu);  // the lower four bytes say where the path is
    }
    low = name;
    links.push_back(std::move(link));
  }
}

}  // namespace

std::vector<Link> read_symbol_table(FileMap& map, std::uint64_t btree, std::uint64_t heap) {
  SymbolTable table(map, heap);
  table.read_node(btree, std::nullopt, std::nullopt, std::nullopt);
  return std::move(table.links);
}

Link read_link(Cursor& in) {
  const int version = in.u8();
  const unsigned flags = in.u8();
  require<Damage>(version == 1 && (flags & 0xe0u) == 0, "a link of version ", version, " with flags ", flags);
  const int kind = (flags & 8u) ? in.u8() : 0;
  if (flags & 4u) in.skip(8);
  if (flags & 16u) require<Damage>(in.u8() <= 1, "a link's name in an unknown character set");
  const auto bytes = in.take(in.number(1 << (flags & 3u)));
  const std::string_view name(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  require_name(name);
  require<Damage>(name.find('\0') == std::string_view::npos, "a link's name with a NUL character");
  require<Unsupported>(kind <= 1, "external links (\"", name, "\" is one)");
  if (kind == 0) return {std::string(name), false, in.u64()};
  const std::uint64_t length = in.u16();
  require<Damage>(length > 0, "a soft link \"", name, "\" to nowhere");
  in.skip(length);
  return {std::string(name), true};
}

void require_compact_links(Cursor& in) {
  const int version = in.u8();
  const unsigned flags = in.u8();
  require<Damage>(version == 0 && flags <= 3, "link information of version ", version, " with flags ", flags);
  if (flags & 1u) in.skip(8);
  bool dense = in.u64() != kUndefined || in.u64() != kUndefined;
  if (flags & 2u) dense = dense || in.u64() != kUndefined;
  require<Unsupported>(
      !dense, "groups in HDF5's newer dense form (more than 8 entries in a file of libver=\"latest\" or track_order)");
}

void require_compact_attributes(Cursor& in) {
  const int version = in.u8();
  const unsigned flags = in.u8();
  require<Damage>(version == 0 && flags <= 3, "attribute information of version ", version, " with flags ", flags);
  if (flags & 1u) in.skip(2);
  bool dense = in.u64() != kUndefined || in.u64() != kUndefined;
  if (flags & 2u) dense = dense || in.u64() != kUndefined;
  require<Unsupported>(!dense,
                       "attributes in HDF5's newer dense form (more than 8, or a long one, in a file of "
                       "libver=\"latest\" or track_order)");
}

}  // namespace cornu::io::hdf5::internal
