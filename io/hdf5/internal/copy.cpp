#include "cornu/io/hdf5/internal/copy.h"

#include <algorithm>
#include <map>
#include <new>

#include "cornu/io/hdf5/internal/names.h"

namespace cornu::io::hdf5::internal {

using graph::message;
using graph::require;

namespace {

class Copy {
 public:
  Copy(const OpenFile& from, NewFile& to, std::size_t limit) : from_(from), to_(to), left_(limit) {}

  void run() {
    const Id root = from_.open_object("/");
    H5O_info_t info;
    require_call<FormatError>(H5Oget_info(root, &info) >= 0, from_.where("/"), ": cannot be opened");
    copied_.emplace(info.addr, "/");
    copy_attributes("/");
    groups_.push_back("/");
    while (!groups_.empty()) {
      const std::string group = std::move(groups_.back());
      groups_.pop_back();
      const Id id = from_.open_group(group);
      for (const std::string& name : from_.children(group)) copy_entry(id, group, name);
    }
  }

 private:
  void spend(std::size_t bytes) {
    if (bytes > left_) throw std::bad_alloc();
    left_ -= bytes;
  }

  void copy_entry(hid_t group, const std::string& path, const std::string& name);
  void copy_object(const std::string& path, haddr_t address);
  std::string value_of(hid_t group, const std::string& name, const H5L_info_t& info);
  void copy_attributes(const std::string& object);
  void copy_texts(const std::string& object, const std::string& name);

  const OpenFile& from_;
  NewFile& to_;
  std::size_t left_;
  std::map<haddr_t, std::string> copied_;  // by address, with the first path that led there
  std::vector<std::string> groups_;        // whose entries are still to be copied
};

void Copy::copy_entry(hid_t group, const std::string& path, const std::string& name) {
  const std::string problem = name.find('/') != std::string::npos ? "it holds a slash" : problem_of_path(name);
  require<FormatError>(problem.empty(), from_.where(path), " has an entry named \"", name, "\": ", problem);
  const std::string full = (path == "/" ? path : path + "/") + name;
  spend(full.size() + 512);  // about what an entry and an empty object take
  H5L_info_t info;
  require_call<FormatError>(H5Lget_info(group, name.c_str(), &info, H5P_DEFAULT) >= 0, from_.where(full),
                            ": the link cannot be read");
  switch (info.type) {
    case H5L_TYPE_HARD:
      return copy_object(full, info.u.address);
    case H5L_TYPE_SOFT:
      return to_.soft_link(value_of(group, name, info), full);
    case H5L_TYPE_EXTERNAL: {
      const std::string value = value_of(group, name, info);
      const char *file = "?", *object = "?";
      H5Lunpack_elink_val(value.data(), value.size(), nullptr, &file, &object);
      return to_.write_unreadable(full, message(from_.where(full), " is a link to ", object, " of the file \"", file,
                                                "\", which is not followed"));
    }
    default:
      return to_.write_unreadable(full, message(from_.where(full), " is a link of a kind that is not known"));
  }
}

std::string Copy::value_of(hid_t group, const std::string& name, const H5L_info_t& info) {
  std::string value(info.u.val_size, '\0');
  require_call<FormatError>(H5Lget_val(group, name.c_str(), value.data(), value.size(), H5P_DEFAULT) >= 0,
                            from_.path().string(), ": the link \"", name, "\" cannot be read");
  return value;
}

void Copy::copy_object(const std::string& path, haddr_t address) {
  if (const auto known = copied_.find(address); known != copied_.end()) return to_.link(known->second, path);
  Id object;
  try {
    object = from_.open_object(path);
  } catch (const FormatError& e) {
    return to_.write_unreadable(path, e.what());
  }
  const H5I_type_t kind = H5Iget_type(object);
  if (kind == H5I_GROUP) {
    to_.make_group(path);
    groups_.push_back(path);
  } else {
    try {
      const Array values = from_.read_dataset(path);
      spend(values.nbytes());
      to_.write_dataset(path, values);
    } catch (const FormatError& e) {
      to_.write_unreadable(path, e.what());
    }
  }
  copied_.emplace(address, path);
  if (kind == H5I_GROUP || kind == H5I_DATASET) copy_attributes(path);
}

void Copy::copy_attributes(const std::string& object) {
  for (const std::string& name : from_.attributes(object)) {
    spend(name.size() + 128);
    try {
      const Id attribute = from_.open_attribute(object, name), type(H5Aget_type(attribute), H5Tclose);
      if (H5Tget_class(type) == H5T_STRING) {
        copy_texts(object, name);
        continue;
      }
      const Array values = from_.read_attribute(object, name);
      spend(values.nbytes());
      require<FormatError>(values.nbytes() <= kHeaderLimit, from_.where(object), ": attribute \"", name, "\" has ",
                           values.nbytes(), " bytes (at most ", kHeaderLimit, " are read)");
      to_.write_array(object, name, values);
    } catch (const FormatError& e) {
      to_.write_unreadable(object, name, e.what());
    }
  }
}

void Copy::copy_texts(const std::string& object, const std::string& name) {
  const auto texts = from_.read_texts(object, name);
  if (texts.empty()) return to_.write_array(object, name, Array(Shape{0}, graph::float64));
  std::size_t longest = 1;
  bool holds_nul = false;  // which ends a text of variable length
  for (const std::string& text : texts) {
    spend(text.size() + kTextReference);
    longest = std::max(longest, text.size());
    holds_nul = holds_nul || text.find('\0') != std::string::npos;
  }
  const std::size_t per_text = holds_nul ? longest : kTextReference, room = kHeaderLimit / per_text;
  require<FormatError>(room > 0, from_.where(object), ": attribute \"", name, "\" has a text of ", longest,
                       " bytes with NUL characters (at most ", kHeaderLimit, " are read)");
  // A list that does not fit is split as Keras splits it, and Object::texts joins it again.
  for (std::size_t start = 0, part = 0; start < texts.size(); start += room, ++part) {
    const std::vector<std::string> some(
        texts.begin() + static_cast<std::ptrdiff_t>(start),
        texts.begin() + static_cast<std::ptrdiff_t>(std::min(texts.size(), start + room)));
    const std::string part_name = texts.size() <= room ? name : name + std::to_string(part);
    if (holds_nul) {
      to_.write_fixed_texts(object, part_name, some, longest);
    } else {
      std::vector<const char*> pointers;
      for (const std::string& text : some) pointers.push_back(text.c_str());
      to_.write_texts(object, part_name, pointers);
    }
  }
}

}  // namespace

void copy_everything(const OpenFile& from, NewFile& to, std::size_t limit) { Copy(from, to, limit).run(); }

}  // namespace cornu::io::hdf5::internal
