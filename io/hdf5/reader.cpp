#include "cornu/io/hdf5/reader.h"

#include <iterator>

#include "cornu/io/hdf5/internal/isolate.h"
#include "cornu/io/hdf5/internal/names.h"
#include "cornu/io/hdf5/internal/open_file.h"
#include "cornu/io/hdf5/internal/structure_check.h"

namespace cornu::io::hdf5 {

using graph::require;
using internal::Id;
using internal::Session;

namespace {

std::string join(const std::string& path, const std::string& name) { return (path == "/" ? path : path + "/") + name; }

/// The path of something that should be there.
std::string place(const internal::OpenFile& file, const std::string& path, const std::string& name) {
  const std::string problem = internal::problem_of_path(name);
  require<FormatError>(problem.empty(), file.where(path), ": ", internal::quoted(name),
                       " cannot name anything in an HDF5 file (", problem, ")");
  return join(path, name);
}

void close(internal::OpenFile* file) {
  Session session;
  delete file;
}

}  // namespace

File::File(const std::filesystem::path& path, const ReadConfig& config) { open(internal::Bytes(path), config); }

File::File(const std::filesystem::path& name, std::span<const std::byte> content, const ReadConfig& config) {
  open(internal::Bytes(name, content), config);
}

void File::open(const internal::Bytes& bytes, const ReadConfig& config) {
  const auto open_checked = [this](const internal::Bytes& checked) {
    Session session;
    file_ = {new internal::OpenFile(checked), close};
  };
  if (!config.isolated && !internal::check_structure(bytes)) {
    open_checked(bytes);
    return;
  }
  const internal::Bytes copy = internal::isolated_copy(bytes, config.limits, !config.isolated);
  const auto unknown = internal::check_structure(copy);
  require<FormatError>(!unknown, bytes.path().string(), ": the isolated reader's copy cannot be trusted: ", *unknown);
  open_checked(copy);
}

const std::filesystem::path& File::path() const { return file_->path(); }
Group File::root() const { return Group(file_, "/"); }

std::vector<std::string> Object::attributes() const {
  Session session;
  return file_->attributes(path_);
}

bool Object::has_attribute(const std::string& name) const {
  Session session;
  return file_->has_attribute(path_, name);
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
  if (file_->has_attribute(path_, name)) return file_->read_texts(path_, name);
  std::vector<std::string> all;
  int parts = 0;
  for (std::string key = name + "0"; file_->has_attribute(path_, key); key = name + std::to_string(++parts)) {
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
  return file_->spec_of_dataset(path_);
}

Array Dataset::read() const {
  Session session;
  return file_->read_dataset(path_);
}

Array Dataset::read(std::int64_t start, std::int64_t stop) const {
  Session session;
  return file_->read_rows(path_, start, stop);
}

std::vector<std::string> Group::children() const {
  Session session;
  return file_->children(path_);
}

bool Group::has(const std::string& path) const {
  if (!internal::problem_of_path(path).empty()) return false;
  Session session;
  return file_->exists(join(path_, path));
}

bool Group::is_group(const std::string& path) const {
  if (!internal::problem_of_path(path).empty()) return false;
  Session session;
  const std::string full = join(path_, path);
  return file_->exists(full) && H5Iget_type(file_->open_object(full)) == H5I_GROUP;
}

Group Group::group(const std::string& path) const {
  Session session;
  const std::string full = place(*file_, path_, path);
  file_->open_group(full);
  return Group(file_, full);
}

Dataset Group::at(const std::string& path) const {
  Session session;
  const std::string full = place(*file_, path_, path);
  file_->open_dataset(full);
  return Dataset(file_, full);
}

}  // namespace cornu::io::hdf5
