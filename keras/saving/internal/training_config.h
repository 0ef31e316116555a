#pragma once

#include <string>
#include <vector>

#include "cornu/keras/models/internal/training.h"
#include "cornu/keras/models/model.h"
#include "cornu/keras/saving/internal/json_reader.h"

namespace cornu::keras::saving::internal {

/// How a model is trained, as files of Keras 2.15 hold it in `training_config`: losses by their long names, "accuracy"
/// as what it turned out to be, the optimizer as `Custom>RMSprop` with the rate of now.
///
/// Throws ValueError for what Keras 2.15 does not have or would compute otherwise (gradient accumulation, some
/// reductions), and for functions.
Json training_config(const models::Training& training);

/// The same as Keras 3's archives hold it in `compile_config`.
Json compile_config_of(const models::Training& training);

/// The reverse, for the forms of Keras 2 and 3; also Keras 3's `compile_config` and what users write by hand. Unknown
/// keys (run_eagerly …) are left out. `outputs`: the model's names of outputs, which Keras 2 puts before those of
/// metrics. Throws ValueError for unknown names, FormatError for another type than expected.
CompileConfig compile_config(const Json& json, KerasVersion written_by, const std::vector<std::string>& outputs);

/// Compiles a model as a file says. Errors about it tell how to read the file without.
void compile_as(const Json& json, KerasVersion written_by, models::Model& model);

/// What is unknown about the training does not keep anybody from the model.
template <class F>
decltype(auto) telling_how_to_do_without(F&& f) {
  constexpr const char* kWithout = " (load_model with {.compile = false} reads the model without its training)";
  try {
    return f();
  } catch (const ValueError& e) {
    throw ValueError(e.what() + std::string(kWithout));
  } catch (const FormatError& e) {
    throw FormatError(e.what() + std::string(kWithout));
  }
}

}  // namespace cornu::keras::saving::internal
