// The text for Graphviz as Keras 3's model_visualization.py makes it.
#include <algorithm>
#include <cctype>
#include <map>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

#include "cornu/graph/check.h"
#include "cornu/keras/layers/core/input_layer.h"
#include "cornu/keras/models/network.h"
#include "cornu/keras/utils/plot_model.h"

namespace cornu::keras::utils {

namespace {

using layers::Layer;
using models::Network;

// Labels are HTML to Graphviz.
std::string escaped(const std::string& text) {
  std::string out;
  for (const char c : text) {
    if (c == '&')
      out += "&amp;";
    else if (c == '<')
      out += "&lt;";
    else if (c == '>')
      out += "&gt;";
    else if (c == '"')
      out += "&quot;";
    else
      out += c;
  }
  return out;
}

std::string dot_string(const std::string& text) {
  std::string out = "\"";
  for (const char c : text) {
    if (c == '"' || c == '\\') out += '\\';
    out += c;
  }
  return out + '"';
}

// One as it is, several in a list, as Python prints them.
std::string listed(const std::vector<std::string>& parts, const char* quote = "") {
  if (parts.empty()) return "?";
  if (parts.size() == 1) return parts.front();
  std::string text;
  for (const std::string& part : parts) text += (text.empty() ? "[" : ", ") + (quote + part + quote);
  return text + ']';
}

// The name of the argument `activation`; empty for a layer that has none.
std::string activation_of(const Layer& layer) {
  const auto config = nlohmann::json::parse(get_config(layer), nullptr, false);
  const auto found = config.is_object() ? config.find("activation") : config.end();
  if (found == config.end()) return "";
  if (found->is_string()) return found->get<std::string>();
  if (found->is_object() && found->contains("class_name")) return (*found)["class_name"].get<std::string>();
  return found->is_null() ? "linear" : "";
}

class DotText {
 public:
  explicit DotText(const DotConfig& config) : config_(config) {}

  std::string write(const Network& network) {
    text_ << "digraph G {\nrankdir=" << config_.rankdir << ";\nconcentrate=true;\ndpi=" << config_.dpi
          << ";\nsplines=" << config_.splines << ";\nnode [shape=record];\n";
    if (network.form() == Network::Form::own)
      node(network, nullptr);
    else
      graph(network);
    text_ << "}\n";
    return text_.str();
  }

 private:
  // Numbers in the order in which layers are met.
  std::size_t id(const Layer& layer) { return ids_.emplace(&layer, ids_.size() + 1).first->second; }

  static const Network* nested(const Layer& layer) {
    const auto* network = dynamic_cast<const Network*>(&layer);
    return network != nullptr && network->form() != Network::Form::own ? network : nullptr;
  }

  void graph(const Network& network) {
    const auto layers = network.layers();
    for (const auto& layer : layers) {
      const Network* inner = config_.expand_nested ? nested(*layer) : nullptr;
      if (inner == nullptr) {
        node(*layer, &network);
        continue;
      }
      text_ << "subgraph " << dot_string("cluster_" + inner->name())
            << " {\nstyle=dashed;\nlabel=" << dot_string(inner->name()) << ";\nlabeljust=l;\n";
      graph(*inner);
      text_ << "}\n";
    }
    std::set<std::pair<std::size_t, std::size_t>> drawn;
    const auto has = [&](const Layer& layer) {
      return std::any_of(layers.begin(), layers.end(), [&](const auto& l) { return l.get() == &layer; });
    };
    for (const auto& layer : layers) {
      for (const auto& use : network.wiring().uses_of(*layer)) {
        const auto tensors = use->read();
        for (std::size_t i = 0; i < tensors.size(); ++i) {
          if (!has(*tensors[i].layer())) continue;  // the InputLayer of a row of layers is not shown
          const auto edge = std::pair(id(source_of(tensors[i])), id(destination_of(*layer, i)));
          if (drawn.insert(edge).second) text_ << edge.first << " -> " << edge.second << " [penwidth=2];\n";
        }
      }
    }
  }

  // Nested models have no box of their own: a line begins at the layer inside that gives the output, …
  const Layer& source_of(KerasTensor tensor) const {
    while (config_.expand_nested) {
      const Network* inner = nested(*tensor.layer());
      if (inner == nullptr) break;
      tensor = inner->wiring().outputs.at(static_cast<std::size_t>(tensor.index()));
    }
    return *tensor.layer();
  }
  // … and ends at the InputLayer, or at a row's first layer.
  const Layer& destination_of(const Layer& layer, std::size_t input) const {
    const Layer* end = &layer;
    while (config_.expand_nested) {
      const Network* inner = nested(*end);
      if (inner == nullptr) break;
      end = inner->form() == Network::Form::row ? inner->layers().front().get()
                                                : inner->wiring().inputs.at(input).layer().get();
    }
    return *end;
  }

  struct Described {
    std::vector<std::string> inputs, outputs, dtypes;
  };
  // Of the layer's first use in the model; of a model of one's own, of its first call.
  static Described described(const Layer& layer, const Network* network) {
    Described d;
    const auto add = [&](const graph::Spec& spec) {
      d.outputs.push_back(to_string(spec.shape));
      d.dtypes.emplace_back(graph::name_of(spec.dtype));
    };
    const auto uses = network == nullptr ? std::vector<std::shared_ptr<const Use>>() : network->wiring().uses_of(layer);
    if (uses.empty()) {
      for (const graph::Shape& shape : layer.input_shapes()) d.inputs.push_back(to_string(shape));
      for (const graph::Spec& spec : layer.output_specs()) add(spec);
    } else {
      for (const KerasTensor& tensor : uses.front()->read()) d.inputs.push_back(to_string(tensor.shape()));
      for (const graph::Spec& spec : uses.front()->outputs) add(spec);
    }
    return d;
  }

  void node(const Layer& layer, const Network* network) {
    const std::string class_name = escaped(layer.class_name());
    const Described d = described(layer, network);
    std::vector<std::string> columns;
    const auto white = [&](const std::string& what, const std::string& value) {
      columns.push_back("<td bgcolor=\"white\"><font point-size=\"14\">" + what + ": <b>" + escaped(value) +
                        "</b></font></td>");
    };
    if (config_.show_shapes) {
      if (dynamic_cast<const layers::InputLayer*>(&layer) == nullptr) white("Input shape", listed(d.inputs));
      white("Output shape", listed(d.outputs));
    }
    if (config_.show_dtype) white("Output dtype", listed(d.dtypes, "'"));
    if (config_.show_trainable && !layer.weight_list().empty()) {
      columns.push_back(std::string("<td bgcolor=\"") + (layer.trainable() ? "forestgreen" : "firebrick") +
                        "\"><font point-size=\"14\" color=\"white\"><b>" +
                        (layer.trainable() ? "Trainable" : "Non-trainable") + "</b></font></td>");
    }
    const int span = std::max(1, config_.show_dtype + config_.show_trainable + 2 * config_.show_shapes);
    text_ << id(layer)
          << " [label=<<table border=\"0\" cellborder=\"1\" bgcolor=\"black\" cellpadding=\"10\"><tr><td colspan=\""
          << span << "\" bgcolor=\"black\"><font point-size=\"16\" color=\"white\"><b>";
    if (config_.show_layer_names)
      text_ << escaped(layer.name()) << "</b> (" << class_name << ')';
    else
      text_ << class_name << "</b>";
    text_ << "</font></td></tr>";
    if (config_.show_layer_activations) {
      if (const std::string activation = activation_of(layer); !activation.empty())
        text_ << "<tr><td bgcolor=\"white\" colspan=\"" << span << "\"><font point-size=\"14\">Activation: <b>"
              << escaped(activation) << "</b></font></td></tr>";
    }
    if (!columns.empty()) {
      text_ << "<tr>";
      for (const std::string& column : columns) text_ << column;
      text_ << "</tr>";
    }
    text_ << "</table>>, fontname=Helvetica, border=0, margin=0];\n";
  }

  const DotConfig& config_;
  std::ostringstream text_;
  std::map<const Layer*, std::size_t> ids_;
};

void require_word(const char* what, const std::string& text) {
  graph::require<ValueError>(
      !text.empty() && std::all_of(text.begin(), text.end(), [](unsigned char c) { return std::isalpha(c) != 0; }),
      "model_to_dot: ", what, " needs to be a word of Graphviz, got '", text, "'");
}

}  // namespace

std::string model_to_dot(const models::Model& model, const DotConfig& config) {
  graph::require<ValueError>(
      model.built(), "model \"", model.name(),
      "\" has not been built: call build() with an input shape, or use the model on data, before it is drawn");
  require_word("rankdir", config.rankdir);
  require_word("splines", config.splines);
  return DotText(config).write(*model.network());
}

}  // namespace cornu::keras::utils
