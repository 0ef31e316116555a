#include "cornu/keras/models/internal/functional_network.h"

#include "cornu/keras/models/internal/layer_graph.h"

namespace cornu::keras::models {

FunctionalNetwork::FunctionalNetwork(const KerasTensors& inputs, const KerasTensors& outputs, std::string name)
    : Network(std::move(name)) {
  if (Layer::name().empty()) set_automatic_name("functional", false);
  assemble(inputs, outputs);
}

void FunctionalNetwork::assemble(const KerasTensors& inputs, const KerasTensors& outputs) {
  input_names_ = inputs.names();
  output_names_ = outputs.names();
  Wiring wiring = wire(inputs.tensors(), outputs.tensors(), who());
  name_layers(wiring.layers, who());
  set_sublayers(wiring.layers);
  set_wiring(std::move(wiring));
}

std::vector<std::string> FunctionalNetwork::input_names() const {
  return input_names_.empty() ? Network::input_names() : input_names_;
}
std::vector<std::string> FunctionalNetwork::output_names() const {
  return output_names_.empty() ? Network::output_names() : output_names_;
}

void FunctionalNetwork::fields(ConfigVisitor& v) {
  std::string name = Layer::name();
  bool trainable = this->trainable();
  v("name", name);
  v("trainable", trainable);
  if (v.purpose() != ConfigVisitor::Purpose::read) {
    LayerGraph graph({input_names_, wiring().inputs}, {output_names_, wiring().outputs}, wiring());
    return v("layers", graph);
  }
  LayerGraph graph;
  v("layers", graph);
  if (name.empty())
    set_automatic_name("functional", false);
  else
    set_name(name);
  assemble(graph.inputs, graph.outputs);
  if (!trainable) set_trainable(false);
}

namespace {

const bool functional_network_registered = layers::registry().add<FunctionalNetwork>(
    "Functional", {"Model"}, {.module = "keras.src.models.functional", .registered_name = "Functional"});

}  // namespace
}  // namespace cornu::keras::models
