#include "cornu/keras/saving/internal/layer_graph.h"

#include <algorithm>
#include <map>
#include <optional>

#include "cornu/graph/check.h"
#include "cornu/keras/layers/core/input_layer.h"
#include "cornu/keras/models/network.h"
#include "cornu/keras/saving/internal/json_reader.h"
#include "cornu/keras/saving/internal/operation_json.h"

namespace cornu::keras::saving::internal {

using graph::FormatError;
using graph::require;
using graph::ValueError;
using layers::Layer;
using operations::OperationLayer;

namespace {

// In Keras 2 a model that begins with an InputLayer has a node already when it is called; its others are numbered
// from 1. In Keras 3 so has a graph of layers, which the list of outputs alone counts.
int first_node(const Layer& layer, bool keras2) {
  const auto* network = dynamic_cast<const models::Network*>(&layer);
  if (network == nullptr || network->wiring().empty()) return 0;
  return keras2 || network->form() == models::Network::Form::graph ? 1 : 0;
}

Json shape_json(const graph::Shape& shape) {
  Json list = Json::array();
  for (const std::int64_t length : shape) list.push_back(length == graph::kUnknown ? Json(nullptr) : Json(length));
  return list;
}

class GraphWriter {
 public:
  GraphWriter(const LayerGraph& graph, Form form) : graph_(graph), form_(form) {}

  Json write() const {
    Json layers = Json::array();
    for (const auto& layer : graph_.wiring->layers) layers.push_back(entry(*layer));
    return {{"layers", std::move(layers)},
            {"input_layers", ends(graph_.inputs, graph_.wiring->inputs)},
            {"output_layers", ends(graph_.outputs, graph_.wiring->outputs)}};
  }

 private:
  bool keras2() const { return form_ == Form::keras2; }

  Json place(const KerasTensor& tensor, int first) const {
    return Json::array({tensor.layer()->name(), graph_.wiring->number(tensor.use()) + first, tensor.index()});
  }
  Json tensor(const KerasTensor& x) const {
    if (keras2()) return place(x, first_node(*x.layer(), true));
    return {{"class_name", "__keras_tensor__"},
            {"config",
             {{"shape", shape_json(x.shape())}, {"dtype", graph::name_of(x.dtype())}, {"keras_history", place(x, 0)}}}};
  }

  Json node(const Use& use) const {
    Json kwargs = Json::object();
    if (use.training) kwargs["training"] = *use.training;
    for (const auto& [name, value] : use.values)
      kwargs[name] = std::visit([](const auto& v) { return Json(v); }, value);
    add_named(use.named, kwargs);
    // Keras 2 has one argument in front, which may be a list; what else is an argument of its own stands by its name.
    const std::vector<std::string>& names = use.layer->call_signature().tensors;
    Json inputs = Json::array();
    for (std::size_t i = 0; i < use.inputs.size(); ++i) {
      Json input = tensor(use.inputs[i]);
      if (keras2() && i > 0 && i < names.size())
        kwargs[names[i]] = std::move(input);
      else
        inputs.push_back(std::move(input));
    }
    if (keras2()) {
      for (Json& input : inputs) input.push_back(kwargs);
      return inputs;
    }
    Json node = {{"args", use.as_list ? Json::array({std::move(inputs)}) : std::move(inputs)},
                 {"kwargs", std::move(kwargs)}};
    if (use.training) node["training"] = *use.training;  // for our own reader, see add_keyword; Keras passes over it
    return node;
  }

  // Several tensors of one name are a list.
  void add_named(const std::vector<std::pair<std::string, KerasTensor>>& named, Json& kwargs) const {
    for (const auto& [name, x] : named) {
      const auto of_name = [&name = name](const auto& entry) { return entry.first == name; };
      if (std::count_if(named.begin(), named.end(), of_name) == 1)
        kwargs[name] = tensor(x);
      else
        kwargs[name].push_back(tensor(x));
    }
  }

  Json entry(const Layer& layer) const {
    const auto uses = graph_.wiring->uses_of(layer);
    if (const auto* operation = dynamic_cast<const OperationLayer*>(&layer))
      return write_operation(*operation, *uses.front(), form_, [&](const KerasTensor& x) { return tensor(x); });
    Json json = in_list(object_of(layer, form_), form_);
    Json nodes = Json::array();
    for (const auto& use : uses)
      if (!use->inputs.empty()) nodes.push_back(node(*use));
    json["name"] = layer.name();
    json["inbound_nodes"] = std::move(nodes);
    return json;
  }

  // A list, by name where names were given; Keras 3 leaves the list around a single one away.
  Json ends(const KerasTensors& named, const std::vector<KerasTensor>& tensors) const {
    Json list = Json::array();
    for (const KerasTensor& tensor : tensors) list.push_back(place(tensor, first_node(*tensor.layer(), keras2())));
    if (!keras2() && named.names().size() == list.size() && !named.names().empty()) {
      Json by_name = Json::object();
      for (std::size_t i = 0; i < list.size(); ++i) by_name[named.names()[i]] = std::move(list[i]);
      return by_name;
    }
    return !keras2() && list.size() == 1 ? Json(std::move(list[0])) : list;
  }

  const LayerGraph& graph_;
  Form form_;
};

class GraphReader {
 public:
  GraphReader(const Json& config, KerasVersion written_by) : config_(config), written_by_(written_by) {}

  void read(LayerGraph& graph) {
    const Json& list = member("layers");
    require<FormatError>(list.is_array(), "the model's config has no list of layers");
    for (const Json& entry : list) make(entry);
    // A node can be made when all those are there that it reads; each round makes some.
    for (bool progress = true; progress;) {
      progress = false;
      for (Made& made : made_)
        while (made.next < made.nodes.size() && call(made)) progress = true;
    }
    for (const Made& made : made_)
      require<FormatError>(made.next == made.nodes.size(), "layer '", made.name,
                           "': its inputs lead in a circle or to nodes that are not there");
    graph.inputs = ends("input_layers");
    graph.outputs = ends("output_layers");
  }

 private:
  struct Made {
    std::string name;
    const Json* entry;
    Shared<Layer> layer;             // empty for an operation
    std::vector<const Json*> nodes;  // to be made
    std::size_t next = 0;
    int first = 0;                     // the number of its first node in files of Keras 2
    std::vector<KerasTensor> outputs;  // the first output of each node
  };

  const Json& member(const char* key) const {
    static const Json none;
    const auto found = config_.find(key);
    return found == config_.end() ? none : *found;
  }

  void make(const Json& entry) {
    require<FormatError>(entry.is_object(), "the model's config: a layer needs to be a JSON object");
    Made made{.name = {}, .entry = &entry, .layer = {}, .nodes = {}, .outputs = {}};
    const auto name = entry.find("name");
    if (name != entry.end() && name->is_string()) made.name = name->get<std::string>();
    if (!is_operation(entry)) {
      made.layer = make_object(layers::registry(), entry, written_by_);
      if (made.name.empty()) made.name = made.layer->name();
      if (made.layer->name() != made.name) made.layer->set_name(made.name);
      made.first = first_node(*made.layer, written_by_ == KerasVersion::keras2);
    }
    require<FormatError>(!made.name.empty(), "the model's config: a layer has no name");
    require<FormatError>(index_.emplace(made.name, made_.size()).second, "the model's config lists the layer '",
                         made.name, "' twice");
    const auto nodes = entry.find("inbound_nodes");
    if (nodes != entry.end() && nodes->is_array())
      for (const Json& node : *nodes)
        if (!(node.is_array() && node.empty())) made.nodes.push_back(&node);
    if (const auto input = made.layer.as<layers::InputLayer>(); input && made.nodes.empty())
      made.outputs.push_back(layers::use_input(made.layer, {input->dtype(), input->batch_shape()}));
    made_.push_back(std::move(made));
  }

  // The tensor of a place ["dense", 0, 0]. Nothing while its node is not made.
  std::optional<KerasTensor> at(const Json& place, bool counts_first) const {
    require<FormatError>(place.is_array() && place.size() >= 3 && place[0].is_string() &&
                             place[1].is_number_integer() && place[2].is_number_integer(),
                         "the model's config: a tensor needs a layer, a node and a number, got ", shortened(place));
    const std::string name = place[0].get<std::string>();
    const auto known = index_.find(name);
    require<FormatError>(known != index_.end(), "the model's config: there is no layer '", name, "'");
    const Made& made = made_[known->second];
    const std::int64_t node = place[1].get<std::int64_t>() - (counts_first ? made.first : 0);
    const std::int64_t all = static_cast<std::int64_t>(std::max(made.nodes.size(), made.outputs.size()));
    require<FormatError>(node >= 0 && node < all, "the model's config: layer '", name, "' has ", all,
                         " nodes, asked for number ", place[1].get<std::int64_t>());
    if (node >= static_cast<std::int64_t>(made.outputs.size())) return std::nullopt;
    const auto outputs = made.outputs[static_cast<std::size_t>(node)].outputs();
    const std::int64_t index = place[2].get<std::int64_t>();
    require<FormatError>(index >= 0 && index < static_cast<std::int64_t>(outputs.size()), "the model's config: layer '",
                         name, "' has ", outputs.size(), " outputs, asked for number ", index);
    return outputs[static_cast<std::size_t>(index)];
  }

  /// Thrown where a node reads one that is not made yet.
  struct NotYet {};

  KerasTensor ready(const Json& place, bool counts_first) const {
    const auto tensor = at(place, counts_first);
    if (!tensor) throw NotYet();
    return *tensor;
  }

  // The tensor that a piece of JSON stands for; undefined if it stands for none.
  KerasTensor tensor(const Json& json) const {
    if (json.is_object() && json.contains("class_name") && json["class_name"] == "__keras_tensor__") {
      const Json& config = config_in(json);
      const auto history = config.find("keras_history");
      require<FormatError>(history != config.end(), "the model's config: a tensor has no keras_history");
      return ready(*history, false);
    }
    const bool is_place = written_by_ == KerasVersion::keras2 && json.is_array() && json.size() == 3 &&
                          json[0].is_string() && json[1].is_number_integer() && json[2].is_number_integer() &&
                          index_.contains(json[0].get<std::string>());
    return is_place ? ready(json, true) : KerasTensor();
  }

  void add_keyword(const Made& made, const std::string& name, const Json& value, layers::CallConfig& config) const {
    if (value.is_null()) return;
    if (name == "training" && value.is_boolean()) {
      // Keras 3 writes the default of each layer's `call`, true for some and false for others, and lets what the model
      // does, trains or predicts, take its place when it runs.
      if (written_by_ == KerasVersion::keras2) config.training = value.get<bool>();
      return;
    }
    if (const KerasTensor given = tensor(value); given.defined()) return void(config.named.emplace_back(name, given));
    if (const auto literal = value_of(value); literal && takes_value(*made.layer, name))
      return void(config.values.emplace_back(name, *literal));
    std::vector<KerasTensor> list;
    if (value.is_array())
      for (const Json& part : value) list.push_back(tensor(part));
    const auto is_tensor = [](const KerasTensor& x) { return x.defined(); };
    require<ValueError>(!list.empty() && std::all_of(list.begin(), list.end(), is_tensor), "layer '", made.name,
                        "': the argument '", name, "' of a call is not supported, got ", shortened(value));
    for (KerasTensor& part : list) config.named.emplace_back(name, std::move(part));
  }

  static bool takes_value(const Layer& layer, const std::string& name) {
    const CallValues& values = layer.call_signature().values;
    return std::any_of(values.begin(), values.end(), [&](const auto& entry) { return entry.first == name; });
  }
  static std::optional<CallValue> value_of(const Json& json) {
    if (json.is_boolean()) return json.get<bool>();
    if (json.is_number_integer()) return json.get<std::int64_t>();
    if (json.is_number()) return json.get<double>();
    if (json.is_string()) return json.get<std::string>();
    return std::nullopt;
  }

  bool call(Made& made) {
    const Json& node = *made.nodes[made.next];
    try {
      KerasTensor output;
      if (!made.layer) {
        output = read_operation(*made.entry, node, [&](const Json& json) { return tensor(json); });
        output.layer()->set_name(made.name);
      } else {
        output = call_layer(made, node);
      }
      made.outputs.push_back(output);
      ++made.next;
      return true;
    } catch (const NotYet&) {
      return false;
    }
  }

  KerasTensor call_layer(const Made& made, const Json& node) const {
    std::vector<KerasTensor> inputs;
    layers::CallConfig config;
    bool as_list = false;
    if (node.is_object()) {
      const auto args = node.find("args"), kwargs = node.find("kwargs");
      require<FormatError>(args != node.end() && args->is_array(), "layer '", made.name, "': a node has no args");
      for (const Json& argument : *args) {
        if (argument.is_null()) continue;
        if (const KerasTensor x = tensor(argument); x.defined()) {
          inputs.push_back(x);
          continue;
        }
        require<FormatError>(argument.is_array(), "layer '", made.name,
                             "': an argument of a call is not supported: ", shortened(argument));
        as_list = true;
        for (const Json& part : argument) {
          inputs.push_back(tensor(part));
          require<FormatError>(inputs.back().defined(), "layer '", made.name, "': expected a tensor, got ",
                               shortened(part));
        }
      }
      if (kwargs != node.end() && kwargs->is_object())
        for (const auto& [name, value] : kwargs->items()) add_keyword(made, name, value, config);
      if (const auto own = node.find("training"); own != node.end() && own->is_boolean())
        config.training = own->get<bool>();
    } else {
      require<FormatError>(node.is_array() && !node.empty(), "layer '", made.name,
                           "': an inbound node needs to be a list");
      const bool single = node[0].is_string();
      for (const Json& input : single ? Json::array({node}) : node) {
        inputs.push_back(ready(input, true));
        if (input.size() > 3 && input[3].is_object() && inputs.size() == 1)
          for (const auto& [name, value] : input[3].items()) add_keyword(made, name, value, config);
      }
      as_list = inputs.size() > 1;
    }
    require<FormatError>(!inputs.empty(), "layer '", made.name, "': a node has no inputs");
    return as_list || inputs.size() > 1 ? (*made.layer)(inputs, config) : (*made.layer)(inputs.front(), config);
  }

  KerasTensors ends(const char* key) const {
    const Json& json = member(key);
    const bool single = json.is_array() && json.size() == 3 && json[0].is_string();
    std::vector<std::string> names;
    std::vector<KerasTensor> tensors;
    const auto add = [&](const Json& place) {
      const auto tensor = at(place, true);
      require<FormatError>(tensor.has_value(), "the model's config: ", key, " names a node that is not there");
      tensors.push_back(*tensor);
    };
    if (single) {
      add(json);
    } else if (json.is_array()) {
      for (const Json& place : json) add(place);
    } else {
      require<FormatError>(json.is_object(), "the model's config has no ", key);
      for (const auto& [name, place] : json.items()) names.push_back(name), add(place);
    }
    return {std::move(names), std::move(tensors)};
  }

  const Json& config_;
  KerasVersion written_by_;
  std::vector<Made> made_;
  std::map<std::string, std::size_t> index_;
};

}  // namespace

Json write_graph(const LayerGraph& graph, Form form) { return GraphWriter(graph, form).write(); }

void read_graph(const Json& config, KerasVersion written_by, LayerGraph& graph) {
  GraphReader(config, written_by).read(graph);
}

}  // namespace cornu::keras::saving::internal
