#include <atomic>

#include "cornu/graph/check.h"
#include "cornu/graph/op.h"

namespace cornu::graph {
namespace {

thread_local std::string current_scope;
std::atomic<std::uint64_t> next_id{1};

}  // namespace

Node::Node(std::shared_ptr<const Op> op, Tensors inputs, Specs outputs)
    : Node(std::move(op), std::move(inputs), std::move(outputs), current_scope) {}
Node::Node(std::shared_ptr<const Op> op, Tensors inputs, Specs outputs, std::string scope)
    : op_(std::move(op)), inputs_(std::move(inputs)), outputs_(std::move(outputs)), scope_(std::move(scope)), id_(next_id++) {}

// A chain of nodes that die together would recurse once per node: take them apart in a loop instead.
Node::~Node() {
  thread_local Tensors* graveyard = nullptr;
  if (graveyard) {
    for (Tensor& input : inputs_) graveyard->push_back(std::move(input));
    return;
  }
  Tensors dead = std::move(inputs_);
  graveyard = &dead;
  while (!dead.empty()) {
    const Tensor last = std::move(dead.back());
    dead.pop_back();
  }
  graveyard = nullptr;
}

const Spec& Tensor::spec() const {
  require<ValueError>(defined(), "this tensor is not defined: it was default-constructed, or is a gradient that does not exist");
  return node_->outputs()[index_];
}

std::ostream& operator<<(std::ostream& out, const Tensor& tensor) {
  return tensor.defined() ? out << tensor.spec() : out << "undefined tensor";
}

Tensors apply(std::shared_ptr<const Op> op, Tensors inputs) {
  Specs in;
  in.reserve(inputs.size());
  for (const Tensor& input : inputs) {
    require<ValueError>(input.defined(), op->name(), ": input ", in.size(), " is an undefined tensor");
    in.push_back(input.spec());
  }
  Specs out = op->infer(in);
  const auto node = std::make_shared<const Node>(std::move(op), std::move(inputs), std::move(out));
  Tensors outputs;
  for (std::size_t i = 0; i < node->outputs().size(); ++i) outputs.emplace_back(node, static_cast<int>(i));
  return outputs;
}

Tensor apply1(std::shared_ptr<const Op> op, Tensors inputs) { return apply(std::move(op), std::move(inputs)).at(0); }

NameScope::NameScope(std::string_view name) : length_(current_scope.size()) {
  if (!current_scope.empty() && !name.empty()) current_scope += '/';
  current_scope += name;
}
NameScope::~NameScope() { current_scope.resize(length_); }
const std::string& NameScope::current() { return current_scope; }

}  // namespace cornu::graph
