#pragma once

#include <map>
#include <string>
#include <utility>

#include "cornu/keras/layers/layer.h"
#include "cornu/keras/utils/internal/to_snake_case.h"

namespace cornu::keras::layers::internal {

/// The names of parts that a layer of Keras holds in a list, as Keras 3's files have them: by the attribute that is the
/// list, and in it by the class, "cells/lstm_cell", "cells/lstm_cell_1".
class PlacesInList {
 public:
  explicit PlacesInList(std::string attribute) : attribute_(std::move(attribute)) {}
  /// Of the next one.
  std::string next(const Layer& layer) {
    std::string place = attribute_ + "/";
    place += utils::to_snake_case(layer.class_name());
    if (const int before = of_class_[place]++; before > 0) place.append("_").append(std::to_string(before));
    return place;
  }

 private:
  std::string attribute_;
  std::map<std::string, int> of_class_;
};

}  // namespace cornu::keras::layers::internal
