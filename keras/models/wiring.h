#pragma once

#include <memory>
#include <set>
#include <string>
#include <vector>

#include "cornu/keras/layers/layer.h"

namespace cornu::keras::models {

/// How the layers of a model follow one another: an ordered list of uses, each behind those whose outputs it reads.
/// Sequential appends to it, the functional API collects it from the outputs; everything else reads it.
struct Wiring {
  std::vector<KerasTensor> inputs, outputs;
  std::vector<std::shared_ptr<const Use>> uses;
  std::vector<Shared<layers::Layer>> layers;  ///< each once, in Keras' order: by depth, then as they were met

  bool empty() const { return uses.empty(); }
  /// The number of a use among its layer's uses here, as files and summaries name it: "encoder[1][0]".
  int number(const Use& use) const;
  /// The uses of a layer, by that number.
  std::vector<std::shared_ptr<const Use>> uses_of(const layers::Layer& layer) const;
};

/// What leads from the inputs to the outputs, in Keras' order of layers. An input that is the output of a layer is cut
/// there: the model has an InputLayer of its own in its place. Throws ValueError, naming the tensor, if an output needs
/// what is not among the inputs, if an input is given twice, and without inputs or outputs.
Wiring wire(const std::vector<KerasTensor>& inputs, const std::vector<KerasTensor>& outputs, const std::string& who);

/// The name that a layer has beside others. One that was given by hand must be free, else ValueError. One without gets
/// the first free of "dense", "dense_1", …; one that another model named so gets a number that no model has used, since
/// it must be free in that model, too. `who` begins the message.
std::string free_name(const layers::Layer& layer, const std::set<std::string>& taken, const std::string& who);
/// Gives such names to the layers of a model.
void name_layers(const std::vector<Shared<layers::Layer>>& layers, const std::string& who);

}  // namespace cornu::keras::models
