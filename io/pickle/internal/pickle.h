#pragma once

#include <cstdint>
#include <deque>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cornu/graph/array/array.h"
#include "cornu/io/internal/source.h"

namespace cornu::io::pickle {

using io::internal::Source;

/// What Python's pickle wrote, as far as it is data: None, bool, int, float, bytes, str, list, tuple, dict, and NumPy's
/// arrays. Nothing is run: the only names that may stand in the file are those of which NumPy's arrays are made
/// (`numpy.ndarray`, `numpy.dtype`, `multiarray._reconstruct`), and they mean what is written here. Any other name, and
/// any other opcode than those of plain data, is a FormatError that says which.
///
///     pickle::Pickle batch(source);
///     graph::Array images = batch.array(batch.at(batch.root(), "data"));
///
/// Protocols 0 to 5. Every value is owned by the Pickle: what refers to itself, or lies in a hundred thousand lists, is
/// no danger. Memory is bounded by the length of the file.
class Pickle {
 public:
  enum class Kind : std::uint8_t { none, truth, whole, real, text, list, tuple, dict, array, dtype, name };
  struct Value {
    Kind kind = Kind::none;
    std::int64_t number = 0;  // of `whole` and `truth`; the place of the others
  };

  /// Reads up to the pickle's end. Throws FormatError naming the source.
  explicit Pickle(Source& source);

  Value root() const { return root_; }
  /// The values of a list or a tuple. `what` is for messages: "labels". Throws FormatError for another kind.
  const std::vector<Value>& items(Value value, std::string_view what) const;
  /// bytes and str alike. Throws FormatError for another kind.
  const std::string& text(Value value, std::string_view what) const;
  /// The value of a key, bytes or str. Throws FormatError for another kind than a dict, and with the keys that there
  /// are if there is none of that name.
  Value at(Value dict, std::string_view key) const;
  /// An array of numbers. Throws FormatError for another kind, TypeError for elements without a dtype here.
  graph::Array array(Value value, std::string_view what) const;
  /// A list, a tuple or an array of whole numbers, in one dimension.
  std::vector<std::int64_t> numbers(Value value, std::string_view what) const;
  /// The elements of an array of objects in one dimension, or of a list; an array of numbers in two dimensions has its
  /// rows. Each is a list of whole numbers. Throws FormatError also where lists are repeated so often that they are far
  /// longer than the file.
  std::vector<std::vector<std::int64_t>> lists(Value value, std::string_view what) const;

 private:
  class Reader;
  struct PickledDType {
    std::string code;  // "u1"
    char order = '|';
  };
  struct PickledArray {
    std::vector<std::int64_t> shape = {};
    Value dtype = {}, data = {};
    bool fortran = false, filled = false;
  };
  [[noreturn]] void unexpected(std::string_view what, const char* expected, Value got) const;
  const PickledArray& filled(Value value, std::string_view what) const;

  std::string source_;
  std::uint64_t size_ = 0;  // bytes that it was read from, at most
  Value root_;
  std::deque<std::string> texts_;
  std::vector<double> reals_;
  std::deque<std::vector<Value>> lists_;
  std::deque<std::vector<std::pair<Value, Value>>> dicts_;
  std::deque<PickledArray> arrays_;
  std::deque<PickledDType> dtypes_;
};

}  // namespace cornu::io::pickle
