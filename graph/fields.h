#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "cornu/graph/array/dtype.h"
#include "cornu/graph/array/shape.h"

namespace cornu::graph {

/// Sees the fields of an op, by name. One list of fields serves comparison, printing and the graph in TensorBoard.
class CORNU_EXPORT FieldVisitor {
 public:
  virtual ~FieldVisitor();
  void operator()(std::string_view name, bool value) { boolean(name, value); }
  void operator()(std::string_view name, int value) { integer(name, value); }
  void operator()(std::string_view name, std::int64_t value) { integer(name, value); }
  void operator()(std::string_view name, double value) { number(name, value); }
  void operator()(std::string_view name, const char* value) { text(name, value); }
  void operator()(std::string_view name, std::string_view value) { text(name, value); }
  void operator()(std::string_view name, DType value) { text(name, name_of(value)); }
  void operator()(std::string_view name, const Shape& value) {
    integers(name, std::vector<std::int64_t>(value.begin(), value.end()));
  }
  void operator()(std::string_view name, const std::vector<int>& value) {
    integers(name, std::vector<std::int64_t>(value.begin(), value.end()));
  }
  void operator()(std::string_view name, const std::vector<std::int64_t>& value) { integers(name, value); }

 protected:
  virtual void boolean(std::string_view name, bool value) = 0;
  virtual void integer(std::string_view name, std::int64_t value) = 0;
  virtual void number(std::string_view name, double value) = 0;
  virtual void text(std::string_view name, std::string_view value) = 0;
  virtual void integers(std::string_view name, const std::vector<std::int64_t>& value) = 0;
};

}  // namespace cornu::graph
