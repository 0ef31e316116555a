#include <atomic>

#include "cornu/graph/check.h"
#include "cornu/graph/op.h"

namespace cornu::graph {
namespace {

using Text = std::shared_ptr<const std::string>;

const Text& no_scope() {
  static const Text none = std::make_shared<const std::string>();
  return none;
}

thread_local const Text* current_scope = nullptr;  // null: none
const Text& scope_now() { return current_scope ? *current_scope : no_scope(); }

std::atomic<std::uint64_t> next_id{1};

}  // namespace

Node::Node(std::shared_ptr<const Op> op, Tensors inputs, Specs outputs)
    : op_(std::move(op)),
      inputs_(std::move(inputs)),
      outputs_(std::make_shared<const Specs>(std::move(outputs))),
      scope_(scope_now()),
      id_(next_id++) {}
Node::Node(std::shared_ptr<const Op> op, Tensors inputs, Specs outputs, const Node& scope_of)
    : op_(std::move(op)),
      inputs_(std::move(inputs)),
      outputs_(std::make_shared<const Specs>(std::move(outputs))),
      scope_(scope_of.scope_),
      id_(next_id++) {}
Node::Node(const Node& like, Tensors inputs)
    : op_(like.op_), inputs_(std::move(inputs)), outputs_(like.outputs_), scope_(like.scope_), id_(next_id++) {}

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
  require<ValueError>(defined(),
                      "this tensor is not defined: it was default-constructed, or is a gradient that does not exist");
  return node_->outputs()[index_];
}

std::ostream& operator<<(std::ostream& out, const Tensor& tensor) {
  return tensor.defined() ? out << tensor.spec() : out << "undefined tensor";
}

namespace {

std::shared_ptr<const Node> make_node(std::shared_ptr<const Op> op, Tensors inputs) {
  Specs in;
  in.reserve(inputs.size());
  for (const Tensor& input : inputs) {
    require<ValueError>(input.defined(), op->name(), ": input ", in.size(), " is an undefined tensor");
    in.push_back(input.spec());
  }
  Specs out = op->infer(in);
  return std::make_shared<const Node>(std::move(op), std::move(inputs), std::move(out));
}

}  // namespace

Tensors apply(std::shared_ptr<const Op> op, Tensors inputs) {
  const auto node = make_node(std::move(op), std::move(inputs));
  Tensors outputs;
  for (std::size_t i = 0; i < node->outputs().size(); ++i) outputs.emplace_back(node, static_cast<int>(i));
  return outputs;
}

Tensor apply1(std::shared_ptr<const Op> op, Tensors inputs) {
  auto node = make_node(std::move(op), std::move(inputs));
  node->outputs().at(0);
  return Tensor(std::move(node), 0);
}

NameScope::NameScope(std::string_view name) : outer_(current_scope) {
  if (name.empty()) return;
  std::string text = current();
  if (!text.empty()) text += '/';
  text += name;
  own_ = std::make_shared<const std::string>(std::move(text));
  current_scope = &own_;
}
NameScope::NameScope(const Node& node) : outer_(current_scope) { current_scope = &node.scope_; }
NameScope::~NameScope() { current_scope = outer_; }
const std::string& NameScope::current() { return *scope_now(); }

}  // namespace cornu::graph
