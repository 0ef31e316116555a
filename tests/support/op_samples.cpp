#include "tests/support/op_samples.h"

#include "cornu/graph/leaf.h"

namespace cornu::tests {
namespace {

template <class T>
using Makers = std::vector<std::function<std::vector<T>()>>;

template <class T>
Makers<T>& makers() {
  static Makers<T> list;
  return list;
}

template <class T>
const std::vector<T>& made() {
  static const std::vector<T> all = [] {
    std::vector<T> list;
    for (const auto& make : makers<T>())
      for (auto& item : make()) list.push_back(std::move(item));
    return list;
  }();
  return all;
}

}  // namespace

bool register_samples(std::function<std::vector<OpSample>()> samples) {
  return makers<OpSample>().push_back(std::move(samples)), true;
}
bool register_errors(std::function<std::vector<OpError>()> errors) {
  return makers<OpError>().push_back(std::move(errors)), true;
}
const std::vector<OpSample>& op_samples() { return made<OpSample>(); }
const std::vector<OpError>& op_errors() { return made<OpError>(); }

Tensor input(int index, const Shape& shape, DType dtype) { return graph::parameter(index, {dtype, shape}); }

}  // namespace cornu::tests
