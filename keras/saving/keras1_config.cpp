// What Keras 1 calls otherwise. Each line of the tables has its case in keras1_test.cpp.
#include <algorithm>
#include <functional>
#include <map>
#include <string_view>

#include "cornu/graph/check.h"
#include "cornu/keras/saving/internal/keras1.h"

namespace cornu::keras::saving::internal {
namespace {

using graph::FormatError;
using graph::require;
using graph::ValueError;

using Names = std::map<std::string_view, std::string_view>;

// Classes by other names; their arguments are below.
const Names kClasses = {{"Convolution1D", "Conv1D"},
                        {"Convolution2D", "Conv2D"},
                        {"Convolution3D", "Conv3D"},
                        {"AtrousConvolution1D", "Conv1D"},
                        {"AtrousConvolution2D", "Conv2D"},
                        {"Deconvolution2D", "Conv2DTranspose"},
                        {"SeparableConvolution2D", "SeparableConv2D"},
                        {"TimeDistributedDense", "Dense"}};

// Arguments by other names, of whatever class.
const Names kArguments = {{"nb_filter", "filters"},
                          {"filter_length", "kernel_size"},
                          {"subsample", "strides"},
                          {"subsample_length", "strides"},
                          {"border_mode", "padding"},
                          {"dim_ordering", "data_format"},
                          {"atrous_rate", "dilation_rate"},
                          {"bias", "use_bias"},
                          {"init", "kernel_initializer"},
                          {"W_regularizer", "kernel_regularizer"},
                          {"b_regularizer", "bias_regularizer"},
                          {"U_regularizer", "recurrent_regularizer"},
                          {"W_constraint", "kernel_constraint"},
                          {"b_constraint", "bias_constraint"},
                          {"inner_init", "recurrent_initializer"},
                          {"inner_activation", "recurrent_activation"},
                          {"dropout_W", "dropout"},
                          {"dropout_U", "recurrent_dropout"},
                          {"pool_length", "pool_size"},
                          {"beta_init", "beta_initializer"},
                          {"gamma_init", "gamma_initializer"},
                          {"p", "rate"},
                          {"sigma", "stddev"},
                          {"input_dtype", "dtype"}};

// Where a class uses a name otherwise: class and argument.
const std::map<std::pair<std::string_view, std::string_view>, std::string_view> kOfClass = {
    {{"Dense", "output_dim"}, "units"},
    {{"LSTM", "output_dim"}, "units"},
    {{"GRU", "output_dim"}, "units"},
    {{"SimpleRNN", "output_dim"}, "units"},
    {{"Embedding", "init"}, "embeddings_initializer"},
    {{"Embedding", "W_regularizer"}, "embeddings_regularizer"},
    {{"Embedding", "W_constraint"}, "embeddings_constraint"},
    {{"MaxPooling1D", "stride"}, "strides"},
    {{"AveragePooling1D", "stride"}, "strides"},
    {{"UpSampling1D", "length"}, "size"},
    {{"PReLU", "init"}, "alpha_initializer"}};

// What says nothing of the computation, or what Keras 2 takes from the input.
constexpr std::string_view kLeftOut[] = {"consume_less", "forget_bias_init", "input_dim",   "input_length",
                                         "sparse",       "arguments",        "output_mask", "create_input_layer"};

// Merge's modes are classes.
const Names kMerging = {{"sum", "Add"},     {"mul", "Multiply"},       {"ave", "Average"},
                        {"max", "Maximum"}, {"concat", "Concatenate"}, {"dot", "Dot"},
                        {"cos", "Dot"}};

const Names kWords = {{"th", "channels_first"}, {"tf", "channels_last"}, {"zero", "zeros"}, {"one", "ones"}};

// {"name": "L1L2Regularizer", "l1": 0, "l2": 0.01}, {"name": "MaxNorm", "m": 2, "axis": 0}
Json named_object(const Json& object) {
  Json config = object;
  std::string name = object["name"].get<std::string>();
  config.erase("name");
  if (name == "WeightRegularizer" || name == "ActivityRegularizer" || name == "L1L2Regularizer") name = "L1L2";
  if (const auto m = config.find("m"); m != config.end()) {
    config["max_value"] = *m;
    config.erase("m");
  }
  return {{"class_name", name}, {"config", std::move(config)}};
}

Json value_of(const Json& value) {
  if (value.is_string()) {
    const auto word = kWords.find(value.get_ref<const std::string&>());
    return word == kWords.end() ? value : Json(word->second);
  }
  const bool described =
      value.is_object() && !value.contains("class_name") && value.contains("name") && value["name"].is_string();
  return described ? named_object(value) : value;
}

Json arguments_of(const std::string& written, const Json& config) {
  const auto renamed = kClasses.find(written);
  const std::string_view now = renamed == kClasses.end() ? std::string_view(written) : renamed->second;
  Json arguments = Json::object();
  for (const auto& [name, value] : config.items()) {
    if (std::find(std::begin(kLeftOut), std::end(kLeftOut), name) != std::end(kLeftOut) &&
        !(now == "Embedding" && name == "input_dim"))
      continue;
    const auto own = kOfClass.find({now, name});
    const auto any = kArguments.find(name);
    const std::string key(own != kOfClass.end() ? own->second : any != kArguments.end() ? any->second : name);
    arguments[key] = value_of(value);
  }
  // Lengths of a kernel or of strides that are arguments of their own.
  for (const auto& [axes, together] : {std::pair{std::vector{"nb_row", "nb_col"}, "kernel_size"},
                                       {std::vector{"kernel_dim1", "kernel_dim2", "kernel_dim3"}, "kernel_size"}}) {
    if (!arguments.contains(axes.front())) continue;
    Json list = Json::array();
    for (const char* axis : axes) list.push_back(arguments.value(axis, Json())), arguments.erase(axis);
    arguments[together] = std::move(list);
  }
  if (written == "Deconvolution2D") arguments.erase("output_shape");
  if (now == "BatchNormalization" && arguments.contains("mode")) {
    require<ValueError>(arguments["mode"] == 0 || arguments["mode"] == 2, "BatchNormalization: mode ",
                        shortened(arguments["mode"]), " of Keras 1 is not supported");
    arguments.erase("mode");
  }
  if (now == "Embedding") arguments.erase("dropout");
  if (now == "LSTM" && config.contains("forget_bias_init"))
    arguments["unit_forget_bias"] = config["forget_bias_init"] == "one";
  return arguments;
}

// A layer that joins others by its mode.
void become_merging(Json& layer) {
  Json& config = layer["config"];
  const Json given = config.value("mode", Json());
  const std::string mode = given.is_string() ? given.get<std::string>() : shortened(given);
  const auto now = kMerging.find(mode);
  require<ValueError>(now != kMerging.end(), "Merge: mode '", mode, "' of Keras 1 is not supported");
  Json arguments = {{"name", config.value("name", Json())}};
  if (mode == "concat") arguments["axis"] = config.value("concat_axis", Json(-1));
  if (now->second == "Dot") {
    Json axes = config.value("dot_axes", Json(-1));
    while (axes.is_array() && axes.size() == 1) axes = Json(axes.front());
    arguments["axes"] = std::move(axes);
    arguments["normalize"] = mode == "cos";
  }
  if (config.contains("layers") && !config["layers"].empty()) arguments["layers"] = config["layers"];
  layer["class_name"] = now->second;
  config = std::move(arguments);
}

const Json& rows_of(const Json& model) {
  static const Json none = Json::array();
  const Json& config = model["config"];
  const auto layers = config.is_object() ? config.find("layers") : config.end();
  return !config.is_object() ? config : layers == config.end() ? none : *layers;
}

// Whether a Sequential begins with a Merge of other models, which have its inputs.
bool begins_with_models(const Json& model) {
  if (!model.contains("config") || model.value("class_name", Json()) != "Sequential") return false;
  const Json& config = model["config"];
  const bool has_rows = config.is_array() || (config.is_object() && config.contains("layers"));
  if (!has_rows || !rows_of(model).is_array() || rows_of(model).empty()) return false;
  const Json& first = rows_of(model).front();
  return first.is_object() && first.contains("config") && first["config"].is_object() &&
         first["config"].contains("layers") && first.value("class_name", Json()) != "Sequential" &&
         first.value("class_name", Json()) != "Model";
}

// Such a row as the graph that it is.
class AsGraph {
 public:
  Json of(const Json& model) {
    const std::string last = add(model);
    Json name = model["config"].is_object() ? model["config"].value("name", Json()) : Json();
    Json config = {
        {"layers", std::move(layers_)}, {"input_layers", std::move(inputs_)}, {"output_layers", {place(last)}}};
    if (name.is_string()) config["name"] = std::move(name);
    return {{"class_name", "Model"}, {"config", std::move(config)}};
  }

 private:
  static Json place(const std::string& name) { return Json::array({name, 0, 0}); }
  static std::string name_of(const Json& layer) {
    const Json name = layer.is_object() && layer.contains("config") && layer["config"].is_object()
                          ? layer["config"].value("name", Json())
                          : Json();
    require<FormatError>(name.is_string(), "the model's config: a layer has no name");
    return name.get<std::string>();
  }

  // Adds the layers of a row, and gives the name of the last one.
  std::string add(const Json& model) {
    require<ValueError>(model.is_object() && model.value("class_name", Json()) == "Sequential" &&
                            model.contains("config") && rows_of(model).is_array() && !rows_of(model).empty(),
                        "Merge: models of Keras 1 that are joined need to be Sequential, got ", shortened(model));
    std::string last;
    for (Json layer : rows_of(model)) {
      const std::string name = name_of(layer);
      Json nodes = Json::array();
      if (last.empty() && begins_with_models(model)) {
        for (const Json& branch : layer["config"]["layers"]) nodes.push_back(place(add(branch)));
        layer["config"].erase("layers");
      } else {
        if (last.empty() && layer.value("class_name", Json()) != "InputLayer") last = add_input(layer, name);
        if (!last.empty()) nodes.push_back(place(last));
      }
      if (layer["class_name"] == "InputLayer") inputs_.push_back(place(name));
      layer["name"] = name;
      layer["inbound_nodes"] = nodes.empty() ? Json::array() : Json::array({std::move(nodes)});
      layers_.push_back(std::move(layer));
      last = name;
    }
    return last;
  }

  std::string add_input(const Json& first, const std::string& name) {
    const Json& config = first["config"];
    require<ValueError>(config.is_object() && config.contains("batch_input_shape"), "Merge: layer '", name,
                        "' does not say the shape of its input");
    const std::string input = name + "_input";
    layers_.push_back({{"class_name", "InputLayer"},
                       {"name", input},
                       {"config",
                        {{"name", input},
                         {"batch_input_shape", config["batch_input_shape"]},
                         {"dtype", config.value("dtype", Json("float32"))}}},
                       {"inbound_nodes", Json::array()}});
    inputs_.push_back(place(input));
    return input;
  }

  Json layers_ = Json::array(), inputs_ = Json::array();
};

constexpr std::string_view kOnlyKeras1[] = {"nb_filter",     "border_mode", "dim_ordering", "inner_activation",
                                            "W_regularizer", "pool_length", "input_dtype"};

}  // namespace

bool looks_like_keras1(const Json& config) {
  if (config.is_object())
    for (const std::string_view name : kOnlyKeras1)
      if (config.contains(std::string(name))) return true;
  return config.is_structured() && std::any_of(config.begin(), config.end(), looks_like_keras1);
}

Json from_keras1(const Json& json) {
  if (json.is_array()) {
    Json list = Json::array();
    for (const Json& part : json) list.push_back(from_keras1(part));
    return list;
  }
  if (!json.is_object()) return json;
  Json now = Json::object();
  for (const auto& [name, value] : json.items()) now[name] = from_keras1(value);
  if (begins_with_models(now)) return AsGraph().of(now);
  const auto kind = json.find("class_name"), config = json.find("config");
  if (kind == json.end() || !kind->is_string() || config == json.end() || !config->is_object()) return now;
  const std::string written = kind->get<std::string>();
  if (now["config"].contains("layers") && written != "Merge") return now;  // a model
  if (written == "Merge") {
    become_merging(now);
    return now;
  }
  if (const auto renamed = kClasses.find(written); renamed != kClasses.end()) now["class_name"] = renamed->second;
  now["config"] = arguments_of(written, now["config"]);
  return now;
}

}  // namespace cornu::keras::saving::internal
