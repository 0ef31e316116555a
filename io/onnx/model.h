#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "cornu/graph/array/array.h"
#include "cornu/io/path.h"

/// ONNX files as plain structures, as https://onnx.ai/onnx/repo-docs/IR.html describes them. What an operator means
/// is not known here: keras/onnx makes models of such graphs, and graphs of models.
namespace cornu::io::onnx {

using graph::Array;

/// ONNX's number of an element type, as files hold it: 1 is float, 7 is int64.
using ElementType = std::int32_t;
/// "float", "int64", "float16", …; "type 99" for a number that is not known.
CORNU_EXPORT std::string name_of_type(ElementType type);
/// The dtype in which elements of a type are read: float16 as float32; nothing where arrays have none ("int8",
/// "string").
CORNU_EXPORT std::optional<graph::DType> dtype_of_type(ElementType type);
/// The type as which elements of a dtype are written; bfloat16 as float, which every runtime computes with.
CORNU_EXPORT ElementType type_of_dtype(graph::DType dtype);

/// The length of an axis: a number, or a name for one that is known when the graph runs ("N"), or neither.
struct Dimension {
  std::int64_t length = graph::kUnknown;
  std::string name = "";
};

/// What is known of a value that goes in or comes out.
struct CORNU_EXPORT Value {
  std::string name;
  std::string kind = "tensor";  ///< or "sequence", "map", "optional", "sparse tensor", "opaque"
  ElementType type = 0;
  std::optional<std::vector<Dimension>> shape = std::nullopt;  ///< nothing: not even the number of axes is known
};

struct Graph;

/// An argument of a node that is fixed: one of ONNX's kinds, or `reference`: in the body of a function, the attribute
/// of that name of the node that calls it.
struct CORNU_EXPORT Attribute {
  using Kinds = std::variant<std::monostate, std::int64_t, float, std::string, Array, std::shared_ptr<const Graph>,
                             std::vector<std::int64_t>, std::vector<float>, std::vector<std::string>>;

  Attribute() = default;
  template <class T>
  Attribute(T value) : value(kind(std::move(value))) {}  // NOLINT: `{{"axis", 1}, {"mode", "linear"}}`

  Kinds value = {};
  std::string reference = "";

 private:
  template <class T>
  static Kinds kind(T value) {
    if constexpr (std::is_integral_v<T>)
      return static_cast<std::int64_t>(value);
    else if constexpr (std::is_floating_point_v<T>)
      return static_cast<float>(value);
    else if constexpr (std::is_convertible_v<T, std::string>)
      return std::string(value);
    else
      return Kinds(std::move(value));
  }
};
using Attributes = std::map<std::string, Attribute>;

/// One use of an operator. An empty name among the inputs stands for one that is left out.
struct CORNU_EXPORT Node {
  std::string op_type;
  std::vector<std::string> inputs, outputs;
  Attributes attributes = {};
  std::string name = "";
  std::string domain = "";  ///< empty: ONNX's own operators
};

/// Nodes, each after those whose outputs it reads. A body of a loop or a branch is a graph, too, and may read the
/// values of the graph around it.
struct CORNU_EXPORT Graph {
  std::string name = "";
  std::vector<Node> nodes = {};
  std::vector<Value> inputs = {}, outputs = {};
  std::vector<std::pair<std::string, Array>> initializers = {};  ///< numbers by the name of a value
};

/// An operator that the file itself describes.
struct CORNU_EXPORT Function {
  std::string domain, name;
  std::vector<std::string> inputs, outputs;
  Attributes defaults = {};
  std::vector<Node> nodes;
  std::map<std::string, std::int64_t> opsets;
};

struct CORNU_EXPORT Model {
  Graph graph;
  std::map<std::string, std::int64_t> opsets;  ///< the version of the operators of each domain; "" is ONNX's own
  std::int64_t ir_version = 8;
  std::string producer = "", producer_version = "";
  std::map<std::string, std::string> metadata = {};
  std::vector<Function> functions = {};
};

/// Reads a file, with the numbers that it keeps in other files of its folder. Throws IoError if it is not there;
/// FormatError, naming the file, if it is damaged, if numbers are more or fewer than their shape says, if it refers to
/// a file outside of its folder, if names are given twice, or nodes read what no node before them gives; TypeError for
/// numbers of a type that arrays do not have.
CORNU_EXPORT Model read(const Path& path);
/// The same of the bytes of a file; `name` begins messages. Numbers in other files are refused.
CORNU_EXPORT Model parse(std::string_view bytes, const std::string& name = "onnx");
/// Writes a file, which is replaced as a whole or not at all; the same model gives the same bytes. Throws IoError, and
/// ValueError above 2 GiB, which such files cannot be.
CORNU_EXPORT void write(const Path& path, const Model& model);
/// The bytes of a file.
CORNU_EXPORT std::string serialize(const Model& model);
/// The numbers in a file of one tensor (.pb), as ONNX's tests have them. Throws as `read`.
CORNU_EXPORT Array read_tensor(const Path& path);

}  // namespace cornu::io::onnx
