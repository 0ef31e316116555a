#pragma once

#include "cornu/keras/models/internal/layer_graph.h"
#include "cornu/keras/saving/internal/json_writer.h"

namespace cornu::keras::saving::internal {

/// A graph of layers as a model's config holds it: `{"layers": […], "input_layers": […], "output_layers": […]}`, each
/// layer with its `inbound_nodes`, in the form of that Keras. Throws ValueError, naming the layer, for what that Keras
/// does not have.
Json write_graph(const LayerGraph& graph, Form form);

/// Makes the layers and calls them as such a config says, of either Keras. Throws FormatError for a config that
/// contradicts itself (a layer or node that is not there, a circle), ValueError for classes and operations that are not
/// known.
void read_graph(const Json& config, KerasVersion written_by, LayerGraph& graph);

}  // namespace cornu::keras::saving::internal
