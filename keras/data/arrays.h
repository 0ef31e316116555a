#pragma once

#include <concepts>
#include <initializer_list>
#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cornu/graph/array/array.h"

namespace cornu::keras {

/// Data for a model: one array, several in the order of its inputs (or outputs), or several by their names.
///
///     model.fit({left, right}, {{"digit", digit}, {"same", same}});
///     Arrays outputs = model.predict({left, right});
///     outputs["digit"], outputs[1]
class CORNU_EXPORT Arrays {
 public:
  /// Nothing.
  Arrays() = default;
  Arrays(graph::Array array) { arrays_.push_back(std::move(array)); }  // NOLINT: one array
  /// An array in a list: numbers in braces are none, so that `predict({{1.f, 2.f}})` means one array.
  class Item {
   public:
    Item(const graph::Array& array) : array_(array) {}  // NOLINT: is an array
    const graph::Array& array() const { return array_; }

   private:
    graph::Array array_;
  };
  Arrays(std::initializer_list<Item> arrays) {
    for (const Item& item : arrays) arrays_.push_back(item.array());
  }
  Arrays(std::vector<graph::Array> arrays) : arrays_(std::move(arrays)) {}  // NOLINT: several
  Arrays(std::initializer_list<std::pair<std::string, graph::Array>> named);
  Arrays(const std::map<std::string, graph::Array>& named);  // NOLINT: by name
  /// Names for each; throws ValueError unless there are as many, all different.
  Arrays(std::vector<std::string> names, std::vector<graph::Array> arrays);

  bool empty() const { return arrays_.empty(); }
  std::size_t size() const { return arrays_.size(); }
  /// Throws ValueError out of range, and for a name that is not there, with the names that are.
  const graph::Array& operator[](std::size_t i) const;
  const graph::Array& operator[](std::string_view name) const;
  bool contains(std::string_view name) const;
  /// Empty if they have none.
  const std::vector<std::string>& names() const { return names_; }
  const std::vector<graph::Array>& arrays() const& { return arrays_; }
  std::vector<graph::Array> arrays() && { return std::move(arrays_); }
  auto begin() const { return arrays_.begin(); }
  auto end() const { return arrays_.end(); }

  /// The arrays in the order of these names. Arrays without names are taken as they come. `what` is for messages: "x".
  /// Throws ValueError for another number and for names that are not among these.
  std::vector<graph::Array> in_order(const std::vector<std::string>& names, std::string_view what) const;

 private:
  std::vector<std::string> names_;
  std::vector<graph::Array> arrays_;
};

}  // namespace cornu::keras
