#pragma once

#include <functional>
#include <unordered_map>

#include "cornu/graph/op.h"

namespace cornu::graph::internal {

/// A value for each of some tensors, which it keeps alive.
template <class T>
class TensorMap {
 public:
  /// Null if there is none.
  const T* find(const Tensor& tensor) const {
    const auto found = values_.find(key(tensor));
    return found == values_.end() ? nullptr : &found->second.value;
  }
  /// The first value that is given to a tensor stays.
  void put(const Tensor& tensor, T value) { values_.emplace(key(tensor), Entry{tensor, std::move(value)}); }
  bool contains(const Tensor& tensor) const { return find(tensor) != nullptr; }
  std::size_t size() const { return values_.size(); }

 private:
  using Key = std::pair<const Node*, int>;
  struct Hash {
    std::size_t operator()(const Key& k) const {
      return std::hash<const Node*>()(k.first) + 0x9e3779b97f4a7c15u * static_cast<std::size_t>(k.second + 1);
    }
  };
  struct Entry {
    Tensor tensor;
    T value;
  };
  static Key key(const Tensor& tensor) { return {&tensor.node(), tensor.index()}; }
  std::unordered_map<Key, Entry, Hash> values_;
};

/// The nodes that tensors are computed from, inputs before users, as far as `stops` does not hold: what holds is
/// neither looked at nor looked behind.
std::vector<std::shared_ptr<const Node>> nodes_until(const Tensors& results,
                                                     const std::function<bool(const Tensor&)>& stops);

/// Computations made anew with other tensors in place of some. What does not depend on those stays as it is.
class Rebuild {
 public:
  void put(const Tensor& old, Tensor now) { now_.put(old, std::move(now)); }
  /// What stands for a tensor: itself, if nothing it depends on was replaced. Makes nodes only once.
  Tensor operator()(const Tensor& old);
  Tensors operator()(const Tensors& old);
  /// Null if the tensor was not met.
  const Tensor* find(const Tensor& old) const { return now_.find(old); }

 private:
  TensorMap<Tensor> now_;
};

}  // namespace cornu::graph::internal
