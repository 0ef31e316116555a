#include "cornu/keras/layers/core/lambda.h"

#include <map>
#include <mutex>

#include "cornu/graph/check.h"
#include "cornu/keras/activations/activation.h"
#include "cornu/keras/internal/custom_scope.h"

namespace cornu::keras::layers {
namespace {

using graph::require;

struct Functions {
  std::mutex mutex;
  std::map<std::string, LambdaFunction> by_name;
};
Functions& functions() {
  static Functions functions;
  return functions;
}

LambdaFunction find(const std::string& who, const std::string& name) {
  if (const auto* custom = keras::internal::find_custom(activations::registry(), name)) {
    const auto function = std::dynamic_pointer_cast<activations::Activation>(custom->make(nullptr));
    return [function](const Tensor& x) { return (*function)(x); };
  }
  Functions& all = functions();
  const std::lock_guard lock(all.mutex);
  if (const auto found = all.by_name.find(name); found != all.by_name.end()) return found->second;
  std::string known;
  for (const auto& [other, function] : all.by_name) known += (known.empty() ? "" : ", ") + other;
  throw ValueError(graph::message(who, "there is no function '", name, "'; known: ", known.empty() ? "none" : known,
                                  ". Call layers::register_function(\"", name,
                                  "\", …) at the start of the program, or load the file with {.custom_objects = {{\"",
                                  name, "\", function}}}"));
}

struct LambdaLayer final : Configured<Layer, LambdaConfig> {
  explicit LambdaLayer(LambdaConfig config) : Configured(std::move(config)) {
    require<ValueError>(config_.function.empty() != (config_.unnamed == nullptr), who(),
                        "expected a function: its registered name, or the function itself");
    require<ValueError>(
        config_.function_type != "lambda", who(),
        "its function is a Python lambda, which only Python can run: register a function of your own, and save "
        "the model with its name");
    function_ = config_.unnamed ? config_.unnamed : find(who(), config_.function);
  }

  void fields(ConfigVisitor& v) override {
    const bool writes =
        v.purpose() == ConfigVisitor::Purpose::write_keras2 || v.purpose() == ConfigVisitor::Purpose::write_keras3;
    require<ValueError>(
        !writes || !config_.function.empty(), "layer '", name(),
        "' cannot be saved: its function has no name. Call layers::register_function(\"name\", …) and use "
        "layers::Lambda(\"name\")");
    visit(config_, v);
  }

  Tensor call(const Tensor& x, Context&) override { return function_(x); }

 private:
  LambdaFunction function_;
};

}  // namespace

void LambdaConfig::fields(ConfigVisitor& v) {
  v("function", function);
  v("function_type", function_type, {.until_keras3 = true});
  std::string module = "", text = "";
  v("module", module, {.only_read = true});
  v("output_shape", text, {.only_read = true});
  v("output_shape_type", text, {.only_read = true});
  v("output_shape_module", text, {.only_read = true});
}

CORNU_LAYER(LambdaConfig, LambdaLayer, "Lambda");

bool register_function(const std::string& name, LambdaFunction function) {
  require<ValueError>(!name.empty() && function != nullptr, "register_function: expected a name and a function");
  Functions& all = functions();
  const std::lock_guard lock(all.mutex);
  require<ValueError>(all.by_name.emplace(name, std::move(function)).second, "a function named '", name,
                      "' is already registered");
  return true;
}

Lambda::Lambda(const char* registered, LambdaConfig config)
    : Handle([&] {
        config.function = registered;
        return std::move(config);
      }()) {}

Lambda::Lambda(LambdaFunction function, LambdaConfig config)
    : Handle([&] {
        config.unnamed = std::move(function);
        return std::move(config);
      }()) {}

}  // namespace cornu::keras::layers
