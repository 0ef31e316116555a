#include "cornu/io/hdf5/internal/structure_check.h"

#include <map>
#include <set>
#include <string>

#include "cornu/io/hdf5/internal/chunk_index.h"
#include "cornu/io/hdf5/internal/global_heap.h"
#include "cornu/io/hdf5/internal/links.h"
#include "cornu/io/hdf5/internal/messages.h"
#include "cornu/io/hdf5/internal/object_header.h"

namespace cornu::io::hdf5::internal {

using graph::require;

namespace {

// Elements that were never written take room in memory but none in the file, and gzip packs at most 1032 bytes into
// one. A small file could ask for all of the memory that way.
constexpr std::uint64_t kUnwritten = std::uint64_t{64} << 20, kExpansion = 1100;

class StructureCheck {
 public:
  explicit StructureCheck(const Bytes& bytes) : map_(bytes), heap_(map_) {}

  void run();
  const std::string& where() const { return where_; }

 private:
  struct Task {
    std::string path;
    Link link;
  };

  void check_object(const Task& task);
  void check_group(const Task& task, const std::vector<Message>& messages);
  void check_dataset(const std::vector<Message>& messages);
  void check_attribute(const Message& message);

  FileMap map_;
  GlobalHeap heap_;
  std::vector<Task> tasks_;
  /// A group's own table in the older form, as far as it has one.
  struct Table {
    std::uint64_t btree = kUndefined, heap = kUndefined;
  };
  std::map<std::uint64_t, Table> objects_;  // by address
  std::set<std::string> attributes_;        // of the object at hand
  std::string where_;
};

const Message* find(const std::vector<Message>& messages, MessageKind kind) {
  const Message* found = nullptr;
  for (const Message& m : messages) {
    if (m.kind != kind) continue;
    require<Damage>(!found, "two header messages of type ", static_cast<int>(kind));
    found = &m;
  }
  return found;
}

void StructureCheck::run() {
  const Superblock& super = map_.superblock();
  tasks_.push_back({"/", {"", false, super.root, super.root_btree, super.root_heap}});
  while (!tasks_.empty()) {
    const Task task = std::move(tasks_.back());
    tasks_.pop_back();
    where_ = task.path;
    const auto& link = task.link;
    const auto [object, is_new] = objects_.emplace(link.address, Table{});
    if (is_new) check_object(task);
    const Table& table = object->second;
    require<Damage>((link.cached_btree == kUndefined && link.cached_heap == kUndefined) ||
                        (link.cached_btree == table.btree && link.cached_heap == table.heap),
                    "the entry of a group disagrees with the group");
  }
}

void StructureCheck::check_object(const Task& task) {
  const auto messages = read_object_header(map_, task.link.address);
  attributes_.clear();
  for (const Message& m : messages) {
    Cursor in(m.data, "header message");
    switch (m.kind) {
      case MessageKind::attribute:
        check_attribute(m);
        break;
      case MessageKind::attribute_info:
        require_compact_attributes(in);
        break;
      case MessageKind::comment:
        in.c_string();
        break;
      case MessageKind::modification_time:
        require<Damage>(in.u8() == 1, "a modification time of unknown version");
        in.skip(7);
        break;
      case MessageKind::reference_count:
        require<Damage>(in.u8() == 0, "a reference count of unknown version");
        in.skip(4);
        break;
      case MessageKind::group_info: {
        require<Damage>(in.u8() == 0, "group information of unknown version");
        const unsigned flags = in.u8();
        require<Damage>(flags <= 3, "group information with flags ", flags);
        in.skip(((flags & 1u) ? 4 : 0) + ((flags & 2u) ? 4 : 0));
        break;
      }
      default:
        break;
    }
  }
  const bool dataset = find(messages, MessageKind::layout) != nullptr;
  const bool group = find(messages, MessageKind::symbol_table) || find(messages, MessageKind::link_info);
  require<Unsupported>(dataset || group || !find(messages, MessageKind::datatype), "a named datatype");
  require<Damage>(dataset || group, "neither a group nor a dataset");
  require<Damage>(!(dataset && group), "both a group and a dataset");
  if (dataset)
    check_dataset(messages);
  else
    check_group(task, messages);
}

void StructureCheck::check_group(const Task& task, const std::vector<Message>& messages) {
  std::vector<Link> links;
  const Message* table = find(messages, MessageKind::symbol_table);
  const Message* info = find(messages, MessageKind::link_info);
  require<Damage>(!(table && info), "a group in the old and in the new form");
  find(messages, MessageKind::group_info);
  if (table) {
    Cursor in(table->data, "symbol table");
    const auto btree = in.u64(), heap = in.u64();
    objects_[task.link.address] = {btree, heap};
    links = read_symbol_table(map_, btree, heap);
  } else {
    Cursor in(info->data, "link information");
    require_compact_links(in);
  }
  std::set<std::string> names;
  for (const Message& m : messages) {
    if (m.kind != MessageKind::link) continue;
    require<Damage>(!table, "a group in the old and in the new form");
    Cursor in(m.data, "link");
    links.push_back(read_link(in));
    require<Damage>(names.insert(links.back().name).second, "two entries named \"", links.back().name, "\"");
  }
  const std::string prefix = task.path == "/" ? "/" : task.path + "/";
  for (Link& link : links)
    if (!link.soft) tasks_.push_back({prefix + link.name, std::move(link)});
}

void StructureCheck::check_dataset(const std::vector<Message>& messages) {
  const Message* space_message = find(messages, MessageKind::dataspace);
  const Message* type_message = find(messages, MessageKind::datatype);
  require<Damage>(space_message && type_message, "a dataset without a datatype or a dataspace");
  Cursor space_in(space_message->data, "dataspace"), type_in(type_message->data, "datatype");
  const Dataspace space = read_dataspace(space_in);
  const Datatype type = read_datatype(type_in);
  // A fill value of texts would be a reference into a heap, which is not checked.
  const std::uint64_t fill_size = type.variable_text ? kUndefined : type.size;
  if (const Message* m = find(messages, MessageKind::fill_value)) {
    Cursor in(m->data, "fill value");
    read_fill_value(in, fill_size);
  }
  if (const Message* m = find(messages, MessageKind::old_fill_value)) {
    Cursor in(m->data, "fill value");
    read_old_fill_value(in, fill_size);
  }
  const Message* filter_message = find(messages, MessageKind::filters);
  Cursor layout_in(find(messages, MessageKind::layout)->data, "data layout");
  const Layout layout = read_layout(layout_in);
  require<Damage>(!filter_message || layout.kind == Layout::chunked, "filters without chunks");

  const std::uint64_t bytes = saturating_product(space.elements(), type.size);
  std::uint64_t stored = layout.size;
  if (layout.kind == Layout::chunked) {
    std::vector<Filter> filters;
    if (filter_message) {
      Cursor in(filter_message->data, "filters");
      filters = read_filters(in, type.size);
    }
    require<Damage>(layout.chunk.size() == space.dims.size() + 1 && layout.chunk.back() == type.size,
                    "chunks that do not fit to the dataset");
    std::uint64_t chunk_bytes = 1;
    for (auto length : layout.chunk) chunk_bytes = saturating_product(chunk_bytes, length);
    require<Damage>(chunk_bytes > 0 && chunk_bytes < (std::uint64_t{1} << 32), "chunks of ", chunk_bytes, " bytes");
    stored = check_chunk_index(map_, layout, space, filters);
    require<Damage>(chunk_bytes <= kUnwritten + saturating_product(stored, kExpansion), "chunks of ", chunk_bytes,
                    " bytes in a dataset of ", stored);
  } else {
    const bool allocated = layout.kind == Layout::compact || layout.address != kUndefined;
    require<Damage>(!allocated || layout.size == bytes, "a dataset of ", bytes, " bytes has ", layout.size);
    if (!allocated) stored = 0;
    if (layout.kind == Layout::contiguous && allocated) map_.claim_data(layout.address, layout.size, "data");
  }
  require<Damage>(bytes <= kUnwritten + saturating_product(stored, kExpansion), "a dataset of ", bytes,
                  " bytes, of which ", stored, " are stored");
}

void StructureCheck::check_attribute(const Message& message) {
  Cursor in(message.data, "attribute");
  const int version = in.u8();
  require<Damage>(version >= 1 && version <= 3, "an attribute of version ", version);
  const unsigned flags = in.u8();
  // A shared type is kept in another object. Version 1 has no flags.
  require<Unsupported>(version == 1 || flags == 0, "attributes of a shared datatype or dataspace");
  const unsigned name_size = in.u16(), type_size = in.u16(), space_size = in.u16();
  if (version == 3) require<Damage>(in.u8() <= 1, "an attribute's name in an unknown character set");
  auto part = [&](unsigned size, std::string_view what) {
    const Cursor cursor(in.take(size), what);
    if (version == 1) in.align();
    return cursor;
  };
  Cursor name_in = part(name_size, "attribute name"), type_in = part(type_size, "attribute type"),
         space_in = part(space_size, "attribute space");
  const std::string name(name_in.c_string());
  require<Damage>(name_in.remaining() == 0 && !name.empty(), "an attribute with a name of another length than it says");
  require<Damage>(attributes_.insert(name).second, "two attributes named \"", name, "\"");
  try {
    const Datatype type = read_datatype(type_in);
    const Dataspace space = read_dataspace(space_in);
    Cursor data(in.take(saturating_product(space.elements(), type.size)), "values");
    for (std::uint64_t i = 0; type.variable_text && i < space.elements(); ++i) heap_.check_reference(data);
  } catch (const Damage& e) {
    throw Damage(graph::message("attribute \"", name, "\": ", e.what()));
  } catch (const Unsupported& e) {
    throw Unsupported(graph::message("attribute \"", name, "\": ", e.what()));
  }
}

}  // namespace

std::optional<std::string> check_structure(const Bytes& bytes) {
  std::string where;
  auto describe = [&](const std::exception& e) { return where.empty() ? e.what() : where + ": " + e.what(); };
  try {
    StructureCheck check(bytes);
    try {
      check.run();
    } catch (...) {
      where = check.where();
      throw;
    }
  } catch (const Damage& e) {
    throw FormatError(graph::message(bytes.path().string(), ": not a sound HDF5 file: ", describe(e)));
  } catch (const Unsupported& e) {
    return describe(e);
  }
  return std::nullopt;
}

}  // namespace cornu::io::hdf5::internal
