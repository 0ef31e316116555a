#pragma once

#include "cornu/keras/models/network.h"

namespace cornu::keras::models {

/// Layers wired up as a graph, from inputs to outputs.
class CORNU_EXPORT FunctionalNetwork final : public Network {
 public:
  /// Collects the layers that lead from the inputs to the outputs and names those without a name. Throws ValueError as
  /// `wire`, and if two layers were given one name. Without a name it is called "functional".
  FunctionalNetwork(const KerasTensors& inputs, const KerasTensors& outputs, std::string name);
  /// To be filled by `fields`.
  FunctionalNetwork() = default;
  Form form() const override { return Form::graph; }
  std::vector<std::string> input_names() const override;
  std::vector<std::string> output_names() const override;
  void fields(ConfigVisitor& v) override;

 private:
  void assemble(const KerasTensors& inputs, const KerasTensors& outputs);
  std::vector<std::string> input_names_, output_names_;  // as they were given, or empty
};

}  // namespace cornu::keras::models
