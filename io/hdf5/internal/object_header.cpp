#include "cornu/io/hdf5/internal/object_header.h"

#include <array>
#include <deque>
#include <utility>

namespace cornu::io::hdf5::internal {

using graph::require;

namespace {

using Block = std::pair<std::uint64_t, std::uint64_t>;  // address and size of a continuation

MessageKind known_kind(unsigned type) {
  constexpr std::array kKnown{MessageKind::nil,
                              MessageKind::dataspace,
                              MessageKind::link_info,
                              MessageKind::datatype,
                              MessageKind::old_fill_value,
                              MessageKind::fill_value,
                              MessageKind::link,
                              MessageKind::layout,
                              MessageKind::group_info,
                              MessageKind::filters,
                              MessageKind::attribute,
                              MessageKind::comment,
                              MessageKind::continuation,
                              MessageKind::symbol_table,
                              MessageKind::modification_time,
                              MessageKind::attribute_info,
                              MessageKind::reference_count};
  for (MessageKind kind : kKnown)
    if (static_cast<unsigned>(kind) == type) return kind;
  // Some of them lead to places that are not checked: external files, shared tables.
  throw Unsupported(graph::message("header messages of type ", type));
}

void add_message(Cursor& in, unsigned type, std::uint64_t size, unsigned flags, std::vector<Message>& messages,
                 std::deque<Block>& continuations) {
  const MessageKind kind = known_kind(type);
  const auto data = in.take(size);
  require<Unsupported>((flags & ~0x5u) == 0, "header messages with flags ", flags, " (shared ones among them)");
  if (kind == MessageKind::continuation) {
    Cursor block(data, "continuation");
    const auto address = block.u64(), length = block.u64();
    continuations.emplace_back(address, length);
  }
  messages.push_back({kind, {data.begin(), data.end()}});
}

void read_version_1(FileMap& map, std::uint64_t address, std::vector<Message>& messages) {
  const auto head = map.peek(address, 16, "object header");
  Cursor in(head, "object header");
  in.skip(2);
  const unsigned count = in.u16();
  in.skip(4);  // the number of links to this object, which only writers use
  const std::uint64_t size = in.u32();
  map.claim_data(address, 16, "object header");
  std::deque<Block> blocks{{address + 16, size}};
  while (!blocks.empty()) {
    const auto [start, length] = blocks.front();
    blocks.pop_front();
    const auto bytes = map.claim(start, length, "object header block");
    Cursor block(bytes, "object header block");
    while (block.remaining() > 0) {
      const unsigned type = block.u16(), data_size = block.u16(), flags = block.u8();
      block.skip(3);
      require<Damage>(data_size % 8 == 0, "a header message of ", data_size, " bytes");
      add_message(block, type, data_size, flags, messages, blocks);
    }
  }
  require<Damage>(messages.size() == count, "an object header of ", count, " messages has ", messages.size());
}

void read_version_2(FileMap& map, std::uint64_t address, std::vector<Message>& messages) {
  const auto start = map.peek(address, 6, "object header");
  const unsigned flags = start[5];
  require<Damage>((flags & 0xc0u) == 0, "an object header with flags ", flags);
  const std::uint64_t size_bytes = std::uint64_t{1} << (flags & 3u);
  const std::uint64_t head_size = 6 + ((flags & 0x20u) ? 16u : 0u) + ((flags & 0x10u) ? 4u : 0u) + size_bytes;
  const auto head = map.peek(address, head_size, "object header");
  Cursor in(head, "object header");
  in.expect("OHDR");
  require<Damage>(in.u8() == 2, "an object header of unknown version");
  in.skip(head_size - 5 - size_bytes);
  const std::uint64_t size = in.number(static_cast<int>(size_bytes));
  map.claim_data(address, head_size, "object header");

  const std::uint64_t message_head = (flags & 4u) ? 6 : 4;
  constexpr std::uint64_t kChecksum = 4;  // compared by the library
  require<Damage>(size < map.superblock().end, "an object header of ", size, " bytes");
  std::deque<Block> blocks{{address + head_size, size + kChecksum}};
  bool first = true;
  while (!blocks.empty()) {
    const auto [at, length] = blocks.front();
    blocks.pop_front();
    const auto bytes = map.claim(at, length, "object header block");
    Cursor block(bytes, "object header block");
    if (!first) block.expect("OCHK");
    first = false;
    require<Damage>(block.remaining() >= kChecksum, "an object header block of ", length, " bytes");
    while (block.remaining() >= message_head + kChecksum) {
      const unsigned type = block.u8(), data_size = block.u16(), message_flags = block.u8();
      if (flags & 4u) block.skip(2);
      require<Damage>(data_size + kChecksum <= block.remaining(), "a header message of ", data_size,
                      " bytes passes the end of its block");
      add_message(block, type, data_size, message_flags, messages, blocks);
    }
  }
}

}  // namespace

std::vector<Message> read_object_header(FileMap& map, std::uint64_t address) {
  std::vector<Message> messages;
  const auto first = map.peek(address, 1, "object header")[0];
  if (first == 1)
    read_version_1(map, address, messages);
  else
    read_version_2(map, address, messages);
  return messages;
}

}  // namespace cornu::io::hdf5::internal
