#include "cornu/keras/utils/plot_model.h"

#include <filesystem>

#include "cornu/io/atomic_file.h"
#include "cornu/keras/utils/internal/graphviz.h"

namespace cornu::keras::utils {

namespace fs = std::filesystem;

void plot_model(const models::Model& model, const PlotModelConfig& config) {
  const std::string text = model_to_dot(model, {.show_shapes = config.show_shapes,
                                                .show_dtype = config.show_dtype,
                                                .show_layer_names = config.show_layer_names,
                                                .rankdir = config.rankdir,
                                                .expand_nested = config.expand_nested,
                                                .dpi = config.dpi,
                                                .show_layer_activations = config.show_layer_activations,
                                                .show_trainable = config.show_trainable,
                                                .splines = config.splines});
  std::string format = fs::path(config.to_file).extension().string();
  format = format.size() < 2 ? "png" : format.substr(1);
  io::AtomicFile file(config.to_file);
  if (format == "dot")
    file.write(text.data(), text.size());
  else
    internal::run_graphviz("plot_model", "give .to_file a name that ends in .dot", {"dot", "-T" + format}, text,
                           file.temporary());
  file.commit();
}

}  // namespace cornu::keras::utils
