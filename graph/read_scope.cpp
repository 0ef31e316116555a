#include "cornu/graph/read_scope.h"

#include <utility>

namespace cornu::graph {
namespace {

thread_local const ReadScope* innermost = nullptr;

}  // namespace

ReadScope::ReadScope(Convert convert) : convert_(std::move(convert)), outer_(std::exchange(innermost, this)) {}
ReadScope::~ReadScope() { innermost = outer_; }

Tensor ReadScope::converted(const Tensor& value) {
  return innermost && innermost->convert_ ? innermost->convert_(value) : value;
}

}  // namespace cornu::graph
