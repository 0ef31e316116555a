#include "cornu/io/hdf5/reader.h"

#include <iterator>

#include "cornu/io/hdf5/internal/open_file.h"

namespace cornu::io::hdf5 {

using graph::require;
using internal::Id;
using internal::Session;

namespace {

std::string join(const std::string& path, const std::string& name) {
  if (name.empty() || name == "/") return path;
  return (path == "/" ? path : path + "/") + name;
}

void close(internal::OpenFile* file) {
  Session session;
  delete file;
}

}  // namespace

File::File(const std::filesystem::path& path) {
  Session session;
  file_ = {new internal::OpenFile(path), close};
}

const std::filesystem::path& File::path() const { return file_->path(); }
Group File::root() const { return Group(file_, "/"); }

std::vector<std::string> Object::attributes() const {
  Session session;
  return file_->attributes(path_);
}

bool Object::has_attribute(const std::string& name) const {
  Session session;
  return H5Aexists(file_->open_object(path_), name.c_str()) > 0;
}

bool Object::has_texts(const std::string& name) const { return has_attribute(name) || has_attribute(name + "0"); }

std::string Object::text(const std::string& name) const {
  Session session;
  auto texts = file_->read_texts(path_, name);
  require<FormatError>(texts.size() == 1, file_->where(path_), ": attribute \"", name, "\" holds ", texts.size(),
                       " texts instead of one");
  return std::move(texts[0]);
}

std::vector<std::string> Object::texts(const std::string& name) const {
  Session session;
  const Id object = file_->open_object(path_);
  if (H5Aexists(object, name.c_str()) > 0) return file_->read_texts(path_, name);
  std::vector<std::string> all;
  int parts = 0;
  for (std::string key = name + "0"; H5Aexists(object, key.c_str()) > 0; key = name + std::to_string(++parts)) {
    auto more = file_->read_texts(path_, key);
    all.insert(all.end(), std::make_move_iterator(more.begin()), std::make_move_iterator(more.end()));
  }
  require<FormatError>(parts > 0, file_->where(path_), " has no attribute \"", name, "\"");
  return all;
}

Array Object::array(const std::string& name) const {
  Session session;
  return file_->read_attribute(path_, name);
}

double Object::number(const std::string& name) const {
  const Array value = array(name);
  require<FormatError>(value.size() == 1, file_->where(path_), ": attribute \"", name, "\" is ", value.spec(),
                       " instead of one number");
  return value.item<double>();
}

std::int64_t Object::integer(const std::string& name) const {
  const Array value = array(name);
  const bool integral = graph::is_integer(value.dtype()) || value.dtype() == graph::bool_;
  require<FormatError>(value.size() == 1 && integral, file_->where(path_), ": attribute \"", name, "\" is ",
                       value.spec(), " instead of one integer");
  return value.item<std::int64_t>();
}

Spec Dataset::spec() const {
  Session session;
  const Id dataset = file_->open_dataset(path_);
  const Id type(H5Dget_type(dataset), H5Tclose), space(H5Dget_space(dataset), H5Sclose);
  internal::require_call<FormatError>(type && space, file_->where(path_), ": cannot be read");
  const auto numbers = internal::number_type(type);
  require<FormatError>(numbers.has_value(), file_->where(path_), " holds ", internal::describe_type(type),
                       ", not numbers");
  return {numbers->dtype, internal::shape_of(space, file_->where(path_))};
}

Array Dataset::read() const {
  Session session;
  return file_->read_dataset(path_);
}

std::vector<std::string> Group::children() const {
  Session session;
  return file_->children(path_);
}

bool Group::has(const std::string& path) const {
  Session session;
  return file_->exists(join(path_, path));
}

bool Group::is_group(const std::string& path) const {
  Session session;
  const std::string full = join(path_, path);
  return file_->exists(full) && H5Iget_type(file_->open_object(full)) == H5I_GROUP;
}

Group Group::group(const std::string& path) const {
  Session session;
  const std::string full = join(path_, path);
  require<FormatError>(H5Iget_type(file_->open_object(full)) == H5I_GROUP, file_->where(full),
                       " is a dataset, not a group");
  return Group(file_, full);
}

Dataset Group::at(const std::string& path) const {
  Session session;
  const std::string full = join(path_, path);
  file_->open_dataset(full);
  return Dataset(file_, full);
}

}  // namespace cornu::io::hdf5
