#pragma once

#include <string>
#include <utility>
#include <vector>

#include "cornu/io/hdf5/writer.h"
#include "tests/io/temporary_folder.h"

namespace cornu::tests {

using NamedArrays = std::vector<std::pair<std::string, Array>>;

/// Writes `.h5` files as Keras 1 and 2 wrote them, from the text of their model_config and the arrays of each layer.
class OldFile {
 public:
  std::string version = "2.2.4", backend = "tensorflow";

  std::filesystem::path write(const std::string& config,
                              const std::vector<std::pair<std::string, NamedArrays>>& weights) const {
    io::hdf5::Writer out(folder_ / "old.h5");
    if (!version.empty()) out.root().text("keras_version", version);
    out.root().text("model_config", config);
    auto group = out.root().group("model_weights");
    if (!backend.empty()) group.text("backend", backend);
    std::vector<std::string> layer_names;
    for (const auto& [layer, arrays] : weights) {
      layer_names.push_back(layer);
      auto own = group.group(layer);
      std::vector<std::string> names;
      for (const auto& [name, array] : arrays) names.push_back(name), own.dataset(name, array);
      own.texts("weight_names", names);  // an empty list is a float64 array of shape (0,), as NumPy makes it
    }
    group.texts("layer_names", layer_names);
    out.commit();
    return folder_ / "old.h5";
  }

 private:
  TemporaryFolder folder_;
};

}  // namespace cornu::tests
