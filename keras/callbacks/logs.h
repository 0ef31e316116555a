#pragma once

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cornu/graph/check.h"

namespace cornu::keras {

/// Named figures in the order in which they were set: "loss", "accuracy", "val_loss", …
class Logs {
 public:
  using Entry = std::pair<std::string, double>;
  Logs() = default;
  Logs(std::initializer_list<Entry> entries) : entries_(entries) {}

  bool contains(std::string_view name) const { return find(name) != nullptr; }
  /// Throws ValueError that lists the names there are.
  double at(std::string_view name) const;
  double operator[](std::string_view name) const { return at(name); }
  /// Null if there is none.
  const double* find(std::string_view name) const;
  void set(std::string_view name, double value);
  void update(const Logs& others);

  bool empty() const { return entries_.empty(); }
  std::size_t size() const { return entries_.size(); }
  auto begin() const { return entries_.begin(); }
  auto end() const { return entries_.end(); }

 private:
  std::vector<Entry> entries_;
};

}  // namespace cornu::keras
