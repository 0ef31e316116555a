#include "cornu/keras/models/functional_network.h"

namespace cornu::keras::models {

FunctionalNetwork::FunctionalNetwork(const KerasTensors& inputs, const KerasTensors& outputs, std::string name)
    : Network(std::move(name)), input_names_(inputs.names()), output_names_(outputs.names()) {
  if (Layer::name().empty()) set_automatic_name("functional", false);
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

namespace {

const bool registered = [] {
  remember_class_name(typeid(FunctionalNetwork), "Functional");
  return true;
}();

}  // namespace
}  // namespace cornu::keras::models
