#include "cornu/keras/operations/operation.h"

#include <algorithm>
#include <cmath>
#include <memory>
#include <mutex>

#include "cornu/graph/check.h"
#include "cornu/graph/leaf.h"
#include "cornu/keras/utils/internal/to_snake_case.h"
#include "cornu/ops/native/cast.h"

namespace cornu::keras::operations {

using graph::require;

namespace {

struct Known {
  std::mutex mutex;
  std::vector<std::unique_ptr<const Operation>> list;
};
Known& known() {
  static Known known;
  return known;
}

template <class Match>
const Operation* find_if(Match&& match) {
  Known& all = known();
  const std::lock_guard lock(all.mutex);
  for (const auto& operation : all.list)
    if (match(*operation)) return operation.get();
  return nullptr;
}

const Literal* literal_of(const Arguments& arguments, const std::string& name) {
  const auto found = arguments.literals.find(name);
  return found == arguments.literals.end() || std::holds_alternative<std::monostate>(found->second) ? nullptr
                                                                                                    : &found->second;
}

[[noreturn]] void wrong(const std::string& name, const char* expected) {
  throw ValueError(graph::message("argument '", name, "' needs ", expected));
}

}  // namespace

bool add(Operation operation) {
  require<ValueError>(find(operation.class_name) == nullptr, "an operation '", operation.class_name,
                      "' is already registered");
  Known& all = known();
  const std::lock_guard lock(all.mutex);
  all.list.push_back(std::make_unique<const Operation>(std::move(operation)));
  return true;
}

const Operation* find(std::string_view class_name) {
  return find_if([&](const Operation& operation) { return operation.class_name == class_name; });
}
const Operation* find_keras2(std::string_view function) {
  return find_if([&](const Operation& operation) { return operation.keras2 == function; });
}
std::vector<std::string> class_names() {
  std::vector<std::string> names;
  find_if([&](const Operation& operation) { return names.push_back(operation.class_name), false; });
  return names;
}

bool Arguments::is_none(const std::string& name) const {
  return !has_tensor(name) && literal_of(*this, name) == nullptr;
}

Tensor Arguments::tensor(const std::string& name, const std::string& like) const {
  if (const auto found = tensors.find(name); found != tensors.end()) return found->second;
  const Literal* literal = literal_of(*this, name);
  if (literal == nullptr) wrong(name, "a tensor or a number");
  const auto other = tensors.find(like);
  graph::DType dtype = other == tensors.end() ? graph::float32 : other->second.dtype();
  if (const auto* number = std::get_if<double>(literal)) {
    if (!graph::is_floating(dtype)) dtype = graph::float32;
    return graph::constant(*number, dtype);
  }
  if (const auto* number = std::get_if<std::int64_t>(literal))
    return graph::constant(static_cast<double>(*number), dtype);
  if (const auto* flag = std::get_if<bool>(literal)) return graph::constant(*flag ? 1 : 0, dtype);
  wrong(name, "a tensor or a number");
}

bool Arguments::flag(const std::string& name, bool otherwise) const {
  const Literal* literal = literal_of(*this, name);
  if (literal == nullptr) return otherwise;
  if (const auto* flag = std::get_if<bool>(literal)) return *flag;
  wrong(name, "true or false");
}

double Arguments::number(const std::string& name, double otherwise) const {
  const Literal* literal = literal_of(*this, name);
  if (literal == nullptr) return otherwise;
  if (const auto* number = std::get_if<double>(literal)) return *number;
  if (const auto* number = std::get_if<std::int64_t>(literal)) return static_cast<double>(*number);
  wrong(name, "a number");
}

std::vector<std::int64_t> Arguments::integers(const std::string& name) const {
  const Literal* literal = literal_of(*this, name);
  if (literal == nullptr) return {};
  if (const auto* number = std::get_if<std::int64_t>(literal)) return {*number};
  if (const auto* list = std::get_if<std::vector<std::int64_t>>(literal)) return *list;
  wrong(name, "whole numbers");
}

std::string Arguments::text(const std::string& name) const {
  const Literal* literal = literal_of(*this, name);
  if (literal == nullptr) return "";
  if (const auto* text = std::get_if<std::string>(literal)) return *text;
  wrong(name, "a text");
}

KerasTensor apply(std::string_view class_name, const std::vector<NamedArgument>& arguments) {
  const Operation* operation = find(class_name);
  require<ValueError>(operation != nullptr, "unknown operation '", class_name, "'");
  std::map<std::string, Literal> literals;
  std::vector<std::string> names;
  std::vector<KerasTensor> tensors;
  for (const auto& [name, argument] : arguments) {
    const auto takes = [&](const std::vector<std::string>& list) {
      return std::find(list.begin(), list.end(), name) != list.end();
    };
    require<ValueError>(takes(operation->parameters) || takes(operation->config), "operation '", class_name,
                        "' has no parameter '", name, "'");
    if (const auto* tensor = std::get_if<KerasTensor>(&argument))
      names.push_back(name), tensors.push_back(*tensor);
    else
      literals[name] = std::get<Literal>(argument);
  }
  const Shared<layers::Layer> layer =
      std::make_shared<OperationLayer>(*operation, std::move(literals), std::move(names));
  return tensors.size() == 1 ? layer(tensors[0]) : layer(tensors);
}

OperationLayer::OperationLayer(const Operation& operation, std::map<std::string, Literal> literals,
                               std::vector<std::string> tensors)
    : Layer(layers::LayerConfig()),
      operation_(operation),
      literals_(std::move(literals)),
      tensors_(std::move(tensors)) {
  set_autocast(false);
  set_supports_masking(true);
}

Tensors OperationLayer::call_all(const Inputs& inputs, Context&) {
  require<ValueError>(inputs.size() == tensors_.size(), who(), "takes ", tensors_.size(), " inputs, got ",
                      inputs.size());
  Arguments arguments{{}, literals_};
  for (std::size_t i = 0; i < tensors_.size(); ++i) arguments.tensors[tensors_[i]] = inputs[i];
  return {operation_.compute(arguments)};
}

// As Keras: operations leave masks behind.
Tensor OperationLayer::compute_mask_all(const Inputs&, const Tensors&) const { return {}; }

}  // namespace cornu::keras::operations
