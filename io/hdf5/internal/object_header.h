#pragma once

#include <cstdint>
#include <vector>

#include "cornu/io/hdf5/internal/file_map.h"

namespace cornu::io::hdf5::internal {

/// What a message of an object header is about; the numbers are the format's.
enum class MessageKind : std::uint16_t {
  nil = 0x00,
  dataspace = 0x01,
  link_info = 0x02,
  datatype = 0x03,
  old_fill_value = 0x04,
  fill_value = 0x05,
  link = 0x06,
  layout = 0x08,
  group_info = 0x0a,
  filters = 0x0b,
  attribute = 0x0c,
  comment = 0x0d,
  continuation = 0x10,
  symbol_table = 0x11,
  modification_time = 0x12,
  attribute_info = 0x15,
  reference_count = 0x16,
};

struct Message {
  MessageKind kind;
  std::vector<std::uint8_t> data;
};

/// The messages of the header (version 1 or 2) of a group or dataset, with those of all its continuation blocks, which
/// are taken in the map.
std::vector<Message> read_object_header(FileMap& map, std::uint64_t address);

}  // namespace cornu::io::hdf5::internal
