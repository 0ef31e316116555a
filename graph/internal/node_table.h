#pragma once

#include <cstdint>
#include <unordered_map>
#include <vector>

#include "cornu/graph/op.h"

namespace cornu::graph::internal {

/// A value per node, found by the node's number. Numbers of one computation follow one another but for some older
/// leaves, so two arrays hold nearly all: one up to the highest number that there is, one for what is made later.
/// Others are hashed.
template <class T>
class NodeTable {
 public:
  /// For `count` nodes with such numbers, and what is made of them.
  NodeTable(std::uint64_t lowest, std::uint64_t highest, std::size_t count) : most_(8 * (count + 256)) {
    old_.first = highest - lowest < most_ ? lowest : highest - most_ + 1;
    old_.values.resize(highest - old_.first + 1);
    highest_ = highest;
  }

  /// The value of a node, made if it is not there.
  T& operator[](const Node& node) {
    const std::uint64_t id = node.id();
    if (T* value = old_.find(id)) return *value;
    if (id > highest_ && made_.first == 0) made_.first = id;
    if (id < made_.first || id - made_.first >= most_ || id <= highest_) return others_[id];
    if (id - made_.first >= made_.values.size()) made_.values.resize(id - made_.first + 1);
    return made_.values[id - made_.first];
  }
  /// Null for a node that the table has never been asked for; it may give a value that was never written.
  const T* find(const Node& node) const {
    const std::uint64_t id = node.id();
    if (const T* value = old_.find(id)) return value;
    if (const T* value = made_.find(id)) return value;
    const auto found = others_.find(id);
    return found == others_.end() ? nullptr : &found->second;
  }

 private:
  struct Window {
    std::uint64_t first = 0;
    std::vector<T> values;
    const T* find(std::uint64_t id) const {
      return id >= first && id - first < values.size() ? &values[id - first] : nullptr;
    }
    T* find(std::uint64_t id) { return id >= first && id - first < values.size() ? &values[id - first] : nullptr; }
  };
  std::uint64_t most_;  // numbers that an array may span
  std::uint64_t highest_ = 0;
  Window old_, made_;
  std::unordered_map<std::uint64_t, T> others_;
};

}  // namespace cornu::graph::internal
