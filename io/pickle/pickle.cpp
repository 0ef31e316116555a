#include "cornu/io/pickle/internal/pickle.h"

#include <algorithm>
#include <charconv>
#include <cstring>

#include "cornu/io/npy/internal/elements.h"
#include "cornu/io/pickle/internal/reader.h"

namespace cornu::io::pickle {

using graph::Array;
using graph::FormatError;
using graph::message;
using graph::require;
using graph::Shape;

namespace {

constexpr const char* kKindNames[] = {
    "None",    "a bool", "a whole number",    "a floating number", "a text",         "a list",
    "a tuple", "a dict", "an array of NumPy", "a dtype of NumPy",  "a name of NumPy"};

constexpr std::uint64_t kMostRepeated = 64;

/// Bytes in memory.
class TextSource final : public Source {
 public:
  TextSource(std::string name, const std::string& text) : Source(std::move(name)), text_(text) {}
  void read(std::span<std::byte> out) override {
    if (out.size() > left()) malformed("ends inside of an array (truncated)");
    std::memcpy(out.data(), text_.data() + at_, out.size());
    at_ += out.size();
  }
  std::uint64_t left() const override { return text_.size() - at_; }

 private:
  const std::string& text_;
  std::size_t at_ = 0;
};

}  // namespace

Pickle::Pickle(Source& source) : source_(source.name()), size_(source.left()) { Reader(*this, source).read(); }

void Pickle::unexpected(std::string_view what, const char* expected, Value got) const {
  throw FormatError(message("[", source_, "] expected ", what, " to be ", expected, ", got ",
                            kKindNames[static_cast<std::size_t>(got.kind)]));
}

const std::vector<Pickle::Value>& Pickle::items(Value value, std::string_view what) const {
  if (value.kind != Kind::list && value.kind != Kind::tuple) unexpected(what, "a list", value);
  return lists_[static_cast<std::size_t>(value.number)];
}

const std::string& Pickle::text(Value value, std::string_view what) const {
  if (value.kind != Kind::text) unexpected(what, "a text", value);
  return texts_[static_cast<std::size_t>(value.number)];
}

Pickle::Value Pickle::at(Value dict, std::string_view key) const {
  if (dict.kind != Kind::dict) unexpected(message("what holds '", key, "'"), "a dict", dict);
  std::string known;
  const auto& entries = dicts_[static_cast<std::size_t>(dict.number)];
  for (auto entry = entries.rbegin(); entry != entries.rend(); ++entry) {  // the last of one key counts
    if (entry->first.kind != Kind::text) continue;
    const std::string& name = texts_[static_cast<std::size_t>(entry->first.number)];
    if (name == key) return entry->second;
    if (known.size() < 200) known += (known.empty() ? "'" : ", '") + name.substr(0, 40) + "'";
  }
  throw FormatError(message("[", source_, "] has no '", key, "'; it has ", known.empty() ? "nothing" : known));
}

const Pickle::PickledArray& Pickle::filled(Value value, std::string_view what) const {
  if (value.kind != Kind::array) unexpected(what, "an array of NumPy", value);
  const PickledArray& array = arrays_[static_cast<std::size_t>(value.number)];
  require<FormatError>(array.filled, "[", source_, "] ", what, " is an array without its numbers");
  return array;
}

Array Pickle::array(Value value, std::string_view what) const {
  const PickledArray& pickled = filled(value, what);
  const PickledDType& dtype = dtypes_[static_cast<std::size_t>(pickled.dtype.number)];
  const std::string name = message(source_, ": ", what);
  int size = 0;
  const char* digits = dtype.code.data() + std::min<std::size_t>(1, dtype.code.size());
  const auto [end, error] = std::from_chars(digits, dtype.code.data() + dtype.code.size(), size);
  require<FormatError>(error == std::errc{} && end == dtype.code.data() + dtype.code.size() && size > 0, "[", name,
                       "] expected numbers, got the dtype '", dtype.code.substr(0, 40), "'");
  const std::string& bytes = text(pickled.data, what);
  TextSource source(name, bytes);
  const npy::internal::Encoding encoding{dtype.code[0], size,
                                         dtype.order == '>' ? std::endian::big : std::endian::little};
  std::vector<std::int64_t> dims = pickled.shape;
  if (pickled.fortran) std::reverse(dims.begin(), dims.end());
  const Array array = npy::internal::read_elements(source, encoding, Shape(dims));
  require<FormatError>(source.left() == 0, "[", name, "] ", bytes.size(), " bytes are more than an array of shape ",
                       array.shape(), " has");
  return pickled.fortran ? array.transpose() : array;
}

std::vector<std::int64_t> Pickle::numbers(Value value, std::string_view what) const {
  std::vector<std::int64_t> numbers;
  if (value.kind == Kind::array) {
    const Array read = array(value, what);
    require<FormatError>(graph::is_integer(read.dtype()) && read.ndim() == 1, "[", source_, "] expected ", what,
                         " to be a list of whole numbers, got an array ", read.spec());
    const Array wide = read.astype(graph::int64);
    return {wide.span<std::int64_t>().begin(), wide.span<std::int64_t>().end()};
  }
  const std::vector<Value>& list = items(value, what);
  numbers.reserve(list.size());
  for (const Value& item : list) {
    if (item.kind != Kind::whole) unexpected(message("what is in ", what), "a whole number", item);
    numbers.push_back(item.number);
  }
  return numbers;
}

std::vector<std::vector<std::int64_t>> Pickle::lists(Value value, std::string_view what) const {
  Value elements = value;
  if (value.kind == Kind::array) {
    const PickledArray& pickled = filled(value, what);
    const bool objects = dtypes_[static_cast<std::size_t>(pickled.dtype.number)].code.starts_with('O');
    require<FormatError>(objects && pickled.shape.size() == 1, "[", source_, "] expected ", what,
                         " to be an array of lists, got ", pickled.shape.size(), " axes of dtype '",
                         dtypes_[static_cast<std::size_t>(pickled.dtype.number)].code.substr(0, 40), "'");
    elements = pickled.data;
    const std::size_t many = items(elements, what).size();
    require<FormatError>(static_cast<std::int64_t>(many) == pickled.shape[0], "[", source_, "] ", what, " has ", many,
                         " elements, its shape says ", pickled.shape[0]);
  }
  std::vector<std::vector<std::int64_t>> lists;
  std::uint64_t total = 0;
  for (const Value& item : items(elements, what)) {
    lists.push_back(numbers(item, what));
    total += lists.back().size();
    require<FormatError>(total / kMostRepeated <= size_, "[", source_, "] ", what,
                         " repeats lists: it is far longer than its file");
  }
  return lists;
}

}  // namespace cornu::io::pickle
