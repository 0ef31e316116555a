#include "cornu/keras/callbacks/internal/conceptual_graph.h"

#include <gmock/gmock.h>

#include <nlohmann/json.hpp>

#include "cornu/keras/layers/core/dense.h"
#include "cornu/keras/layers/core/input_layer.h"
#include "cornu/keras/layers/merging/merge.h"
#include "cornu/keras/models/network.h"
#include "cornu/keras/models/sequential.h"
#include "cornu/keras/operations/arithmetic.h"

namespace cornu::keras::callbacks::internal {
namespace {

using layers::Dense;
using layers::Input;
using nlohmann::json;

json config_of(const models::Model& model) { return json::parse(conceptual_graph(model.to_json())); }

json entry_of(const json& model, const std::string& name) {
  for (const json& layer : model["config"]["layers"])
    if (layer["config"]["name"] == name) return layer;
  ADD_FAILURE() << "no layer " << name;
  return {};
}

// The layers whose outputs a layer reads, as TensorBoard finds them.
std::vector<std::string> read_by(const json& layer) {
  std::vector<std::string> names;
  for (const json& node : layer["inbound_nodes"])
    for (const json& argument : node["args"]) names.push_back(argument.at("config").at("keras_history").at(0));
  return names;
}

TEST(ConceptualGraph, HoldsOnlyTensorsAsArguments) {
  const Input x({.shape = {2}, .name = "x"});
  const auto half = Dense(2, {.name = "a"})(x) * 0.5;
  const auto rest = 1.0 - half;
  const json graph = config_of(models::Model(x, layers::Add({.name = "sum"})({half, rest})));
  EXPECT_EQ(read_by(entry_of(graph, half.layer()->name())), (std::vector<std::string>{"a"}));
  EXPECT_EQ(read_by(entry_of(graph, rest.layer()->name())), (std::vector<std::string>{half.layer()->name()}));
  EXPECT_EQ(read_by(entry_of(graph, "sum")), (std::vector<std::string>{half.layer()->name(), rest.layer()->name()}));
}

TEST(ConceptualGraph, NamesInputsAndListsOutputs) {
  const Input a({.shape = {2}, .name = "a"}), b({.shape = {2}, .name = "b"});
  models::Model inner({.inputs = {a, b}, .outputs = {{"sum", layers::Add({.name = "add"})({a, b})}}, .name = "inner"});
  const Input x({.shape = {2}, .name = "x"});
  const json graph = config_of(models::Model(x, inner({x, Dense(2, {.name = "d"})(x)})));
  const json nested = entry_of(graph, "inner");
  EXPECT_EQ(nested["config"]["input_layers"], json({"a", "b"}));
  EXPECT_EQ(nested["config"]["output_layers"], json::parse(R"([["add", 0, 0]])"));
  EXPECT_EQ(read_by(nested), (std::vector<std::string>{"x", "d"}));
  EXPECT_EQ(graph["config"]["input_layers"], json({"x"}));
}

// TensorBoard asserts that a graph of layers in a row has one input; the place ["x", 0, 0] counts as three.
TEST(ConceptualGraph, OfAGraphInARow) {
  const Input x({.shape = {2}, .name = "x"});
  models::Sequential row({Dense(2, {.name = "first", .input_shape = {2}})});
  row.add(models::Model(x, Dense(1, {.name = "d"})(x), "graph"));
  EXPECT_EQ(entry_of(config_of(row), "graph")["config"]["input_layers"], json({"x"}));
}

}  // namespace
}  // namespace cornu::keras::callbacks::internal
