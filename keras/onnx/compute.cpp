#include <set>

#include "cornu/graph/function.h"
#include "cornu/graph/leaf.h"
#include "cornu/keras/onnx/internal/graph_reader.h"
#include "cornu/keras/onnx/load_model.h"

namespace cornu::keras::onnx {

// An input of which the numbers turn out to be needed becomes a constant, and the graph is described anew.
std::vector<Array> compute(const io::Path& path, const std::vector<Array>& inputs) {
  const auto model = std::make_shared<const io::onnx::Model>(io::onnx::read(path));
  const auto& expected = model->graph.inputs;
  graph::require<ValueError>(inputs.size() == expected.size(), "[", path.string(), "] the graph takes ",
                             expected.size(), " inputs, got ", inputs.size());
  std::vector<Array> given;
  for (const Array& input : inputs) given.push_back(internal::computable(input));
  std::set<int> fixed;
  while (true) {
    const Function f([&](std::span<const Tensor> x) {
      internal::GraphReader reader(model, path.string());
      internal::Values values;
      for (std::size_t i = 0; i < given.size(); ++i)
        values[expected[i].name] = fixed.contains(static_cast<int>(i)) ? Tensor(given[i]) : x[i];
      return Outputs(reader.run_graph(values));
    });
    try {
      return f.call(given).arrays();
    } catch (const internal::NumbersNeeded& e) {
      if (e.parameter < 0 || !fixed.insert(e.parameter).second) throw;
    }
  }
}

}  // namespace cornu::keras::onnx
