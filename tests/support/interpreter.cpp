#include "tests/support/interpreter.h"

#include <omp.h>

#include <algorithm>
#include <cstdlib>
#include <cstring>
#include <map>
#include <set>
#include <stdexcept>

#include "cornu/graph/leaf.h"

namespace cornu::tests {
namespace {

using graph::Array;
using graph::Node;
using graph::Spec;
using graph::Tensor;
using graph::Tensors;

/// Bytes between two fences of a known pattern.
class Buffer {
 public:
  Buffer(std::size_t bytes, std::size_t shift)
      : bytes_(bytes), shift_(shift), total_((2 * kFence + shift + bytes + 63) / 64 * 64) {
    all_.reset(static_cast<unsigned char*>(std::aligned_alloc(64, total_)));
    std::memset(all_.get(), kPattern, total_);
  }
  unsigned char* data() const { return all_.get() + kFence + shift_; }
  bool intact() const {
    const auto is_pattern = [](unsigned char c) { return c == kPattern; };
    return std::all_of(all_.get(), data() + 0, is_pattern) &&
           std::all_of(data() + bytes_, all_.get() + total_, is_pattern);
  }

 private:
  static constexpr std::size_t kFence = 64;
  static constexpr unsigned char kPattern = 0xff;  // a NaN in floats
  struct Free {
    void operator()(void* p) const { std::free(p); }
  };
  std::size_t bytes_, shift_, total_;
  std::unique_ptr<unsigned char, Free> all_;
};
using Shared = std::shared_ptr<Buffer>;

class Threads {
 public:
  explicit Threads(int n) : before_(omp_get_max_threads()) { omp_set_num_threads(n); }
  ~Threads() { omp_set_num_threads(before_); }

 private:
  int before_;
};

void collect(const Node& node, std::set<const Node*>& seen) {
  if (!seen.insert(&node).second) return;
  for (const Tensor& input : node.inputs()) collect(input.node(), seen);
}

}  // namespace

std::vector<const Node*> nodes_of(const Tensors& outputs) {
  std::set<const Node*> seen;
  for (const Tensor& t : outputs) collect(t.node(), seen);
  std::vector<const Node*> nodes(seen.begin(), seen.end());
  std::sort(nodes.begin(), nodes.end(), [](const Node* a, const Node* b) { return a->id() < b->id(); });
  return nodes;
}

std::vector<Array> interpret(const Tensors& outputs, const std::vector<Array>& arguments, Placement placement) {
  const Threads threads(placement.threads);
  std::map<std::pair<const Node*, int>, Shared> values;
  std::map<std::pair<const Node*, int>, int> uses;
  const auto key = [](const Tensor& t) { return std::pair{&t.node(), t.index()}; };
  const auto make = [&](const Spec& spec) {
    return std::make_shared<Buffer>(spec.bytes(), placement.misaligned ? graph::size_of(spec.dtype) : 0);
  };
  const auto nodes = nodes_of(outputs);
  for (const Node* node : nodes)
    for (const Tensor& t : node->inputs()) ++uses[key(t)];
  for (const Tensor& t : outputs) uses[key(t)] += 2;

  for (const Node* node : nodes) {
    const auto fixed = [&](const Array& value) {
      graph::require<graph::ShapeError>(value.spec() == node->outputs()[0], "interpret: argument ", value.spec(),
                                        " for ", node->outputs()[0]);
      Shared buffer = make(value.spec());
      if (value.nbytes()) std::memcpy(buffer->data(), value.bytes(), value.nbytes());
      values[{node, 0}] = buffer;
    };
    if (const auto* p = dynamic_cast<const graph::Parameter*>(&node->op())) {
      fixed(arguments.at(p->index));
      continue;
    }
    if (const auto* c = dynamic_cast<const graph::Constant*>(&node->op())) {
      fixed(c->value);
      continue;
    }
    if (const auto* r = dynamic_cast<const graph::ReadVariable*>(&node->op())) {
      fixed(r->variable.value());
      continue;
    }

    graph::Specs in;
    std::vector<const void*> src;
    for (const Tensor& t : node->inputs()) {
      in.push_back(t.spec());
      src.push_back(values.at(key(t))->data());
    }
    std::vector<Shared> made;
    std::vector<void*> dst;
    for (std::size_t i = 0; i < node->outputs().size(); ++i) {
      const Spec& spec = node->outputs()[i];
      Shared buffer;
      if (placement.in_place && i == 0 && node->op().traits().elementwise)
        for (const Tensor& t : node->inputs())
          if (!buffer && t.spec() == spec && uses[key(t)] == 1) buffer = values.at(key(t));
      if (!buffer) buffer = make(spec);
      made.push_back(buffer);
      dst.push_back(buffer->data());
    }
    const graph::Kernel kernel = node->op().plan({in, node->outputs(), placement.threads});
    const Buffer scratch(kernel.scratch, 0);
    run_alone(kernel, {src.data(), dst.data(), scratch.data()});
    if (!scratch.intact()) throw std::logic_error(graph::to_string(node->op()) + " wrote beyond its scratch memory");
    for (std::size_t i = 0; i < made.size(); ++i) {
      if (!made[i]->intact()) throw std::logic_error(graph::to_string(node->op()) + " wrote beyond an output");
      values[{node, static_cast<int>(i)}] = made[i];
    }
  }
  std::vector<Array> results;
  for (const Tensor& t : outputs) {
    results.emplace_back(t.spec());
    if (results.back().nbytes())
      std::memcpy(results.back().bytes(), values.at(key(t))->data(), results.back().nbytes());
  }
  return results;
}

}  // namespace cornu::tests
