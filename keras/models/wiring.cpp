#include "cornu/keras/models/wiring.h"

#include <algorithm>
#include <atomic>
#include <functional>
#include <map>
#include <unordered_map>
#include <unordered_set>

#include "cornu/graph/check.h"
#include "cornu/keras/layers/core/input_layer.h"
#include "cornu/keras/utils/internal/to_snake_case.h"

namespace cornu::keras::models {

using graph::require;
using layers::Layer;
using UsePtr = std::shared_ptr<const Use>;

std::vector<UsePtr> Wiring::uses_of(const Layer& layer) const {
  std::vector<UsePtr> found;
  for (const UsePtr& use : uses)
    if (use->layer.get() == &layer) found.push_back(use);
  std::sort(found.begin(), found.end(), [](const UsePtr& a, const UsePtr& b) { return a->number < b->number; });
  return found;
}

int Wiring::number(const Use& use) const {
  const auto list = uses_of(*use.layer);
  return static_cast<int>(std::find_if(list.begin(), list.end(), [&](const UsePtr& u) { return u.get() == &use; }) -
                          list.begin());
}

namespace {

// Keras' `map_graph`: depths decide the order of layers and of uses.
class Mapper {
 public:
  void visit(const UsePtr& use) {
    if (!met_.insert(use.get()).second) return;
    if (order_of_.emplace(use->layer.get(), order_of_.size()).second) layers_.push_back(use->layer);
    for (const KerasTensor& input : use->read()) visit(input.use_ptr());
    finished_.push_back(use);
  }

  void add_unused_input(const UsePtr& use) {
    if (met_.contains(use.get())) return;
    unused_.push_back(use);
  }

  void fill(Wiring& wiring) const {
    std::unordered_map<const Use*, int> depth;
    std::unordered_map<const Layer*, int> layer_depth;
    for (auto use = finished_.rbegin(); use != finished_.rend(); ++use) {
      int& own = depth[use->get()];
      int& of_layer = layer_depth[(*use)->layer.get()];
      own = of_layer = std::max(own, of_layer);
      const int below = own + 1;  // the references do not outlive an insertion
      for (const KerasTensor& input : (*use)->read()) {
        int& before = depth[input.use_ptr().get()];
        before = std::max(before, below);
      }
    }
    wiring.uses = finished_;
    std::stable_sort(wiring.uses.begin(), wiring.uses.end(),
                     [&](const UsePtr& a, const UsePtr& b) { return depth.at(a.get()) > depth.at(b.get()); });
    wiring.layers = layers_;
    std::stable_sort(wiring.layers.begin(), wiring.layers.end(),
                     [&](const auto& a, const auto& b) { return layer_depth.at(a.get()) > layer_depth.at(b.get()); });
    // An input that nothing reads has depth 0 and comes before what is there.
    for (const UsePtr& use : unused_) {
      const auto at = std::find_if(wiring.layers.begin(), wiring.layers.end(),
                                   [&](const auto& layer) { return layer_depth.at(layer.get()) == 0; });
      wiring.layers.insert(at, use->layer);
      wiring.uses.insert(wiring.uses.begin(), use);
      layer_depth[use->layer.get()] = 0;
    }
  }

 private:
  std::unordered_set<const Use*> met_;
  std::unordered_map<const Layer*, std::size_t> order_of_;
  std::vector<Shared<Layer>> layers_;
  std::vector<UsePtr> finished_, unused_;
};

// Copies what leads to the outputs, with other tensors in the inputs' places.
class Cutter {
 public:
  void replace(const KerasTensor& tensor, const KerasTensor& by) { replaced_.emplace_back(tensor, by); }

  KerasTensor operator()(const KerasTensor& tensor) {
    for (const auto& [from, to] : replaced_)
      if (from.same(tensor)) return to;
    return {copy_of(tensor.use_ptr()), tensor.index()};
  }

 private:
  UsePtr copy_of(const UsePtr& use) {
    if (use->inputs.empty()) return use;
    if (const auto known = copies_.find(use.get()); known != copies_.end()) return known->second;
    auto copy = std::make_shared<Use>(*use);
    bool changed = false;
    const auto renew = [&](KerasTensor& tensor) {
      const KerasTensor now = (*this)(tensor);
      changed = changed || !now.same(tensor);
      tensor = now;
    };
    for (KerasTensor& input : copy->inputs) renew(input);
    for (auto& [name, tensor] : copy->named) renew(tensor);
    return copies_[use.get()] = changed ? UsePtr(copy) : use;
  }

  std::vector<std::pair<KerasTensor, KerasTensor>> replaced_;
  std::unordered_map<const Use*, UsePtr> copies_;
};

}  // namespace

Wiring wire(const std::vector<KerasTensor>& inputs, const std::vector<KerasTensor>& outputs, const std::string& who) {
  require<ValueError>(!inputs.empty() && !outputs.empty(), who, "a model needs inputs and outputs");
  for (const KerasTensor& tensor : inputs) tensor.use();  // throws for an undefined one
  for (const KerasTensor& tensor : outputs) tensor.use();
  Wiring wiring{inputs, outputs, {}, {}};
  Cutter cut;
  bool cuts = false;
  for (std::size_t i = 0; i < inputs.size(); ++i) {
    for (std::size_t j = 0; j < i; ++j)
      require<ValueError>(!inputs[i].same(inputs[j]), who, "the input ", inputs[i], " is given twice");
    if (inputs[i].use().inputs.empty()) continue;
    cuts = true;
    const layers::Input fresh({.dtype = std::string(graph::name_of(inputs[i].dtype())),
                               .batch_shape = inputs[i].shape(),
                               .name = inputs[i].layer()->name().empty() ? "" : inputs[i].layer()->name() + "_input"});
    wiring.inputs[i] = fresh;
    cut.replace(inputs[i], fresh);
  }
  if (cuts)
    for (KerasTensor& output : wiring.outputs) output = cut(output);

  Mapper mapper;
  for (const KerasTensor& output : wiring.outputs) mapper.visit(output.use_ptr());
  for (const KerasTensor& input : wiring.inputs) mapper.add_unused_input(input.use_ptr());
  mapper.fill(wiring);
  for (const UsePtr& use : wiring.uses)
    require<ValueError>(!use->inputs.empty() || std::any_of(wiring.inputs.begin(), wiring.inputs.end(),
                                                            [&](const KerasTensor& t) { return t.use_ptr() == use; }),
                        who, "an output needs the input ", KerasTensor(use, 0), ", which is not among the inputs");
  return wiring;
}

std::string free_name(const Layer& layer, const std::set<std::string>& taken, const std::string& who) {
  static std::atomic<int> highest{0};
  const std::string& own = layer.name();
  if (!own.empty() && !taken.contains(own)) return own;
  require<ValueError>(layer.has_automatic_name(), who, "has a layer named \"", own, "\" already");
  const std::string base = utils::to_snake_case(layer.class_name());
  const bool elsewhere = layer.named_by_model();
  std::string name = base;
  int n = 0;
  while (taken.contains(name) || (elsewhere && n == 0))
    name = graph::message(base, '_', n = elsewhere ? ++highest : n + 1);
  for (int most = highest; n > most && !highest.compare_exchange_weak(most, n);) {
  }
  return name;
}

void name_layers(const std::vector<Shared<Layer>>& layers, const std::string& who) {
  std::set<std::string> taken;
  const auto given = [](const Layer& layer) { return !layer.name().empty() && !layer.has_automatic_name(); };
  for (const auto& layer : layers)
    if (given(*layer)) taken.insert(free_name(*layer, taken, who));
  for (const auto& layer : layers) {
    if (given(*layer)) continue;
    std::string name = free_name(*layer, taken, who);
    taken.insert(name);
    layer->set_automatic_name(std::move(name));
  }
}

}  // namespace cornu::keras::models
