#include "cornu/io/hdf5/writer.h"

#include <algorithm>

#include "cornu/io/hdf5/internal/names.h"
#include "cornu/io/hdf5/internal/new_file.h"

namespace cornu::io::hdf5 {

using graph::require;
using internal::Session;

namespace {

std::string join(const internal::NewFile& file, const std::string& path, const std::string& name) {
  std::string problem = internal::problem_of_path(name);
  // To HDF5 ".." is a name like any other, but people and programs read it as the place above.
  if (problem.empty() && ("/" + name + "/").find("/../") != std::string::npos)
    problem = "\"..\" stands for the place above";
  require<ValueError>(problem.empty(), file.where(path), ": ", internal::quoted(name),
                      " cannot name anything in an HDF5 file (", problem, ")");
  return (path == "/" ? path : path + "/") + name;
}

void require_no_nul(std::string_view text, const std::string& where, const std::string& name) {
  require<ValueError>(text.find('\0') == std::string_view::npos, where, ": attribute \"", name,
                      "\" would be cut at a NUL character");
}

}  // namespace

Writer::Writer(const std::filesystem::path& target) {
  Session session;
  file_ = std::make_unique<internal::NewFileInMemory>(target);
}

Writer::Writer(std::unique_ptr<internal::NewFileInMemory> file) : file_(std::move(file)) {}

Writer Writer::in_memory(const std::string& name) {
  Session session;
  return Writer(std::make_unique<internal::NewFileInMemory>(name, std::nullopt));
}

Writer::~Writer() {
  if (!file_) return;
  Session session;
  file_.reset();
}

Writer::Writer(Writer&&) noexcept = default;
Writer& Writer::operator=(Writer&& other) noexcept {
  std::swap(file_, other.file_);
  return *this;
}

Writer::Group Writer::root() { return Group(*file_, "/"); }

void Writer::commit() {
  Session session;
  file_->commit();
}

void Writer::hand_over(const std::function<void(std::span<const std::byte>)>& use) {
  std::span<const std::byte> bytes;
  {
    Session session;
    bytes = file_->bytes();
  }
  use(bytes);
  Session session;
  file_.reset();
}

void Writer::Object::text(const std::string& name, std::string_view value, Charset charset) {
  require_no_nul(value, file_->where(path_), name);
  Session session;
  file_->write_text(path_, name, std::string(value).c_str(), charset);
}

void Writer::Object::texts(const std::string& name, const std::vector<std::string>& values) {
  std::size_t longest = 1;
  for (const std::string& value : values) {
    require_no_nul(value, file_->where(path_), name);
    longest = std::max(longest, value.size());
  }
  require<ValueError>(longest <= internal::kHeaderLimit, file_->where(path_), ": attribute \"", name,
                      "\" has a text of ", longest, " bytes (at most ", internal::kHeaderLimit,
                      " are possible in a list)");
  Session session;
  if (values.empty()) return file_->write_array(path_, name, Array(Shape{0}, graph::float64));
  const std::size_t bytes = values.size() * longest;
  if (bytes <= internal::kHeaderLimit && values.size() * internal::kTextReference <= internal::kHeaderLimit) {
    std::vector<const char*> texts;
    for (const std::string& value : values) texts.push_back(value.c_str());
    return file_->write_texts(path_, name, texts);
  }
  // Keras splits by NumPy's array_split: into as few parts as fit, whose lengths differ by one at most, the longer ones
  // first.
  const std::size_t per_part = internal::kHeaderLimit / longest, n = values.size();
  std::size_t parts = (n + per_part - 1) / per_part;
  for (std::size_t part = 0, start = 0; part < parts; ++part) {
    const std::size_t length = n / parts + (part < n % parts ? 1 : 0);
    const auto first = values.begin() + static_cast<std::ptrdiff_t>(start);
    const std::vector<std::string> slice(first, first + static_cast<std::ptrdiff_t>(length));
    // Every part has texts as wide as the longest text of all, because a slice of a NumPy array keeps the width.
    file_->write_fixed_texts(path_, name + std::to_string(part), slice, longest);
    start += length;
  }
}

void Writer::Object::number(const std::string& name, double value) {
  Session session;
  file_->write_array(path_, name, Array::scalar(value));
}

void Writer::Object::integer(const std::string& name, std::int64_t value) {
  Session session;
  file_->write_array(path_, name, Array::scalar(value));
}

void Writer::Object::array(const std::string& name, const Array& value) {
  require<ValueError>(value.nbytes() <= internal::kHeaderLimit, file_->where(path_), ": attribute \"", name, "\" has ",
                      value.nbytes(), " bytes (at most ", internal::kHeaderLimit, " are possible); write a dataset");
  Session session;
  file_->write_array(path_, name, value);
}

Writer::Group Writer::Group::group(const std::string& path) {
  Session session;
  const std::string full = join(*file_, path_, path);
  file_->make_group(full);
  return Group(*file_, full);
}

Writer::Object Writer::Group::dataset(const std::string& path, const Array& values) {
  Session session;
  const std::string full = join(*file_, path_, path);
  file_->write_dataset(full, values);
  return Object(*file_, full);
}

}  // namespace cornu::io::hdf5
