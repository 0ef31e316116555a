#pragma once

#include <string>

#include "cornu/io/path.h"
#include "cornu/keras/models/model.h"

namespace cornu::keras::utils {

/// The arguments of Keras' `model_to_dot`, in its order.
struct DotConfig {
  bool show_shapes = false;  ///< of each layer's input and output
  bool show_dtype = false;   ///< of each layer's output
  bool show_layer_names = true;
  std::string rankdir = "TB";  ///< Graphviz' direction: "TB" from top to bottom, "LR" from left to right
  bool expand_nested = false;  ///< the layers of models that are layers, in a frame
  int dpi = 200;
  bool show_layer_activations = false;
  bool show_trainable = false;    ///< of layers that have weights
  std::string splines = "ortho";  ///< Graphviz' form of lines: "ortho", "curved", "polyline", "spline", "line"
};

/// The layers of a model and how they are connected, as a graph in Graphviz' language. A model of one's own class is
/// one box. Throws ValueError if the model is not built, and for a `rankdir` or `splines` that is no word. Keras:
/// `model_to_dot`.
std::string model_to_dot(const models::Model& model, const DotConfig& config = {});

/// The arguments of Keras' `plot_model`, in its order.
struct PlotModelConfig {
  io::Path to_file = "model.png";
  bool show_shapes = false;
  bool show_dtype = false;
  bool show_layer_names = false;
  std::string rankdir = "TB";
  bool expand_nested = false;
  int dpi = 200;
  bool show_layer_activations = false;
  bool show_trainable = false;
  std::string splines = "ortho";
};

/// Draws a model into a file: "model.svg", "model.png", or whatever format Graphviz knows by its ending (without one:
/// PNG). "model.dot" is the text of `model_to_dot`; for every other format the program `dot` of Graphviz needs to be
/// installed. The file is replaced as a whole or not at all. Throws ValueError as `model_to_dot`, IoError if `dot` is
/// not there or fails (with what it says), and if the file cannot be written. Keras: `plot_model`.
///
///     utils::plot_model(model, {.to_file = "model.svg", .show_shapes = true});
void plot_model(const models::Model& model, const PlotModelConfig& config = {});

}  // namespace cornu::keras::utils
