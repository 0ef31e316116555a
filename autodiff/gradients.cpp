#include "cornu/autodiff/gradients.h"

#include <algorithm>
#include <unordered_map>

#include "cornu/graph/bodies.h"
#include "cornu/graph/leaf.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/native/broadcast_to.h"

namespace cornu::autodiff {
namespace {

using graph::is_floating;
using graph::Node;
using graph::require;

// What is known of one node while gradients flow down through it.
struct Visit {
  std::shared_ptr<const Node> node;
  bool depends = false;     // an input leads to what is differentiated by: the op's gradient is asked for
  std::vector<bool> leads;  // per output: it is differentiated by, or depends on such a tensor
  Tensors grads;            // per output: the sum of what has come from its users
};
using Visits = std::unordered_map<const Node*, Visit>;

// All nodes that the outputs are computed from, each after its inputs. A loop: the graph may be deeper than the stack.
std::vector<Visit*> collect(const Tensors& outputs, Visits& visits) {
  std::vector<Visit*> order;
  std::vector<std::shared_ptr<const Node>> open;
  const auto see = [&](const Tensor& tensor) {
    const auto [entry, is_new] = visits.try_emplace(&tensor.node());
    if (!is_new) return;
    const std::size_t n = tensor.node().outputs().size();
    entry->second = {tensor.node_ptr(), false, std::vector<bool>(n), Tensors(n)};
    order.push_back(&entry->second);
    open.push_back(tensor.node_ptr());
  };
  for (const Tensor& output : outputs) see(output);
  while (!open.empty()) {
    const auto node = std::move(open.back());
    open.pop_back();
    for (const Tensor& input : node->inputs()) see(input);
  }
  std::sort(order.begin(), order.end(), [](const Visit* a, const Visit* b) { return a->node->id() < b->node->id(); });
  return order;
}

Tensor filled(const graph::Spec& spec, double value) {
  const graph::NameScope scope("gradients");
  return ops::full(spec.shape, value, spec.dtype);
}

void accumulate(Tensor& total, const Tensor& part) { total = total.defined() ? ops::add(total, part) : part; }

Tensors outputs_of(const std::shared_ptr<const Node>& node) {
  Tensors outputs;
  for (std::size_t i = 0; i < node->outputs().size(); ++i) outputs.emplace_back(node, static_cast<int>(i));
  return outputs;
}

// For the bodies of ops.
Tensors differentiate(const Tensors& outputs, const Tensors& cotangents, const Tensors& wrt) {
  return gradients(outputs, cotangents, std::vector<Wrt>(wrt.begin(), wrt.end()));
}

// One step back: from the gradients by a node's outputs to those by its inputs.
void step(const Visit& visit, Visits& visits) {
  const Node& node = *visit.node;
  const Tensors& inputs = node.inputs();
  std::vector<bool> wanted(inputs.size());
  for (std::size_t i = 0; i < inputs.size(); ++i) wanted[i] = visits.at(&inputs[i].node()).leads[inputs[i].index()];

  const graph::NameScope scope(node.scope().empty() ? std::string("gradients") : "gradients/" + node.scope());
  const Tensors outputs = outputs_of(visit.node);
  const graph::Backward backward(inputs, outputs, visit.grads, wanted);
  const auto* bodies = dynamic_cast<const graph::HasBodies*>(&node.op());
  const Tensors grads = bodies ? bodies->gradient_of_bodies(backward, differentiate) : node.op().gradient(backward);
  const auto name = node.op().name();
  require<ValueError>(grads.size() == inputs.size(), name, ": the gradient must have one tensor per input, ",
                      inputs.size(), ", got ", grads.size());
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    if (!wanted[i] || !grads[i].defined()) continue;
    require<ShapeError>(grads[i].shape() == inputs[i].shape(), name, ": the gradient by input ", i,
                        " must have its shape ", inputs[i].shape(), ", got ", grads[i].shape());
    require<TypeError>(grads[i].dtype() == inputs[i].dtype(), name, ": the gradient by input ", i,
                       " must have its dtype ", inputs[i].dtype(), ", got ", grads[i].dtype());
    accumulate(visits.at(&inputs[i].node()).grads[inputs[i].index()], grads[i]);
  }
}

const graph::Spec& spec_of(const Wrt& wrt) {
  return wrt.variable().defined() ? wrt.variable().spec() : wrt.tensor().spec();
}

void check(const Tensors& outputs, const Tensors& cotangents, const std::vector<Wrt>& wrt) {
  require<ValueError>(outputs.size() == cotangents.size(), "gradients: ", outputs.size(),
                      " outputs need as many cotangents, got ", cotangents.size());
  for (std::size_t i = 0; i < outputs.size(); ++i) {
    require<ValueError>(outputs[i].defined() && cotangents[i].defined(), "gradients: output ", i,
                        " or its cotangent is an undefined tensor");
    require<TypeError>(is_floating(outputs[i].dtype()), "gradients: only floating tensors have gradients, output ", i,
                       " is ", outputs[i]);
    require<ShapeError>(cotangents[i].shape() == outputs[i].shape(), "gradients: the cotangent of output ", i,
                        " must have its shape ", outputs[i].shape(), ", got ", cotangents[i].shape());
    require<TypeError>(cotangents[i].dtype() == outputs[i].dtype(), "gradients: the cotangent of output ", i,
                       " must have its dtype ", outputs[i].dtype(), ", got ", cotangents[i].dtype());
  }
  for (std::size_t i = 0; i < wrt.size(); ++i) {
    require<ValueError>(wrt[i].variable().defined() || wrt[i].tensor().defined(), "gradients: number ", i,
                        " of what is differentiated by is an undefined tensor or variable");
    require<TypeError>(is_floating(spec_of(wrt[i]).dtype),
                       "gradients: only floating tensors and variables can be differentiated by, number ", i, " is ",
                       spec_of(wrt[i]));
  }
}

}  // namespace

Tensors gradients(const Tensor& loss, const std::vector<Wrt>& wrt) {
  require<ValueError>(loss.defined(), "gradients: the loss is an undefined tensor");
  require<TypeError>(is_floating(loss.dtype()), "gradients: only a floating loss has gradients, got ", loss);
  return gradients(Tensors{loss}, Tensors{filled(loss.spec(), 1)}, wrt);
}

Tensors gradients(const Tensors& outputs, const Tensors& cotangents, const std::vector<Wrt>& wrt) {
  check(outputs, cotangents, wrt);
  Visits visits;
  const std::vector<Visit*> order = collect(outputs, visits);

  std::unordered_map<const void*, Tensor> variables;  // the sum over all reads of each variable
  for (const Wrt& w : wrt) {
    if (w.variable().defined())
      variables.try_emplace(w.variable().id());
    else if (const auto found = visits.find(&w.tensor().node()); found != visits.end())
      found->second.leads[w.tensor().index()] = true;
  }
  const auto variable_read_by = [&](const Visit& visit) {
    const auto* read = graph::as<graph::ReadVariable>(visit.node->op());
    return read ? variables.find(read->variable.id()) : variables.end();
  };

  for (Visit* visit : order) {  // upwards: what leads to wrt?
    const Tensors& inputs = visit->node->inputs();
    visit->depends = std::any_of(inputs.begin(), inputs.end(),
                                 [&](const Tensor& t) { return visits.at(&t.node()).leads[t.index()]; });
    const bool all = visit->depends || variable_read_by(*visit) != variables.end();
    for (std::size_t i = 0; all && i < visit->leads.size(); ++i)
      visit->leads[i] = is_floating(visit->node->outputs()[i].dtype);
  }

  for (std::size_t i = 0; i < outputs.size(); ++i)
    accumulate(visits.at(&outputs[i].node()).grads[outputs[i].index()], cotangents[i]);
  for (auto v = order.rbegin(); v != order.rend(); ++v) {  // downwards: every user of a node's outputs comes before it
    const Visit& visit = **v;
    const bool reached =
        std::any_of(visit.grads.begin(), visit.grads.end(), [](const Tensor& g) { return g.defined(); });
    if (!reached) continue;
    if (visit.depends) step(visit, visits);
    if (const auto found = variable_read_by(visit); found != variables.end()) accumulate(found->second, visit.grads[0]);
  }

  Tensors results;
  for (const Wrt& w : wrt) {
    Tensor result;
    if (w.variable().defined())
      result = variables.at(w.variable().id());
    else if (const auto found = visits.find(&w.tensor().node()); found != visits.end())
      result = found->second.grads[w.tensor().index()];
    results.push_back(result.defined() ? result : filled(spec_of(w), 0));
  }
  return results;
}

}  // namespace cornu::autodiff
