#pragma once

#include <initializer_list>

#include "cornu/keras/models/model.h"

namespace cornu::keras::models {

/// Layers one after the other.
///
///     models::Sequential network({layers::Dense(512, {.activation = "relu", .input_shape = {784}}),
///     layers::Dense(10)}); network.add(layers::Activation("softmax"));
///
/// It is built when its first layer has an `input_shape` (or is an Input), else on first use. Layers without a name get
/// one: "dense", "dense_1", … A model without a name is called "sequential".
class CORNU_EXPORT Sequential : public Model {
 public:
  Sequential();
  Sequential(std::initializer_list<Shared<layers::Layer>> layers, const std::string& name = "");
  explicit Sequential(const std::vector<Shared<layers::Layer>>& layers, const std::string& name = "");
  /// A model as the only layer: `Sequential outer({inner})` nests.
  Sequential(std::initializer_list<Sequential> layers, const std::string& name = "");
  Sequential(std::initializer_list<Model> layers, const std::string& name = "");
  /// The same model as a Sequential; throws TypeError if it is none.
  explicit Sequential(const Model& model);

  /// Appends. Throws ShapeError if it does not fit what is before it, ValueError for a name that is taken; then the
  /// model is as before. A model that was compiled needs to be compiled again before it trains on.
  void add(Shared<layers::Layer> layer);
  /// Takes the last layer away and gives it back.
  Shared<layers::Layer> pop();
};

}  // namespace cornu::keras::models
