#include "cornu/io/tensorboard/summaries/mesh.h"

#include "cornu/io/tensorboard/internal/new_summary.h"
#include "cornu/io/tensorboard/internal/utf8.h"
#include "cornu/io/tensorboard/proto/plugins.pb.h"

namespace cornu::io::tensorboard::summaries {

using namespace graph;
using Data = cornu_tensorboard::MeshPluginData;

namespace {

Array triples(const std::string& who, const char* what, const Array& array) {
  require<ShapeError>((array.ndim() == 2 || array.ndim() == 3) && array.shape().back() == 3 && array.size() > 0, who,
                      " needs ", what, " of shape (n, 3) or (meshes, n, 3), got ", array.shape());
  return array.ndim() == 3 ? array : array.reshape(array.shape().prepend(1));
}

Array vertex_numbers(const std::string& who, const Array& faces, const Array& vertices) {
  require<TypeError>(is_integer(faces.dtype()), who, " needs faces of an integer dtype, got ", faces.dtype());
  const Array numbers = triples(who, "faces", faces).astype(int64);
  require<ShapeError>(numbers.rows() == vertices.rows(), who, " has vertices of ", vertices.rows(),
                      " meshes but faces of ", numbers.rows());
  for (std::int64_t n : numbers.span<std::int64_t>())
    require<ValueError>(n >= 0 && n < vertices.shape()[1], who, " a face names vertex ", n, ", but there are ",
                        vertices.shape()[1]);
  return numbers.astype(int32);
}

}  // namespace

std::vector<Summary> mesh(std::string_view tag, const Array& vertices, const MeshConfig& config) {
  const std::string name = internal::valid_utf8(tag), who = message("[mesh \"", name, "\"]");
  require<TypeError>(is_floating(vertices.dtype()), who, " needs vertices of a floating dtype, got ", vertices.dtype());
  const Array points = triples(who, "vertices", vertices).astype(float32);
  std::vector<std::pair<Data::ContentType, Array>> parts{{Data::VERTEX, points}};
  if (config.faces) parts.emplace_back(Data::FACE, vertex_numbers(who, *config.faces, points));
  if (config.colors) {
    require<TypeError>(config.colors->dtype() == uint8, who, " needs colors of dtype uint8, got ",
                       config.colors->dtype());
    parts.emplace_back(Data::COLOR, triples(who, "colors", *config.colors));
    require<ShapeError>(parts.back().second.shape() == points.shape(), who,
                        " needs a color for each vertex: vertices of shape ", vertices.shape(), ", colors of shape ",
                        config.colors->shape());
  }
  unsigned components = 0;
  for (const auto& part : parts) components |= 1u << part.first;
  std::vector<Summary> summaries;
  for (const auto& [type, array] : parts) {
    Data data;
    data.set_name(name);
    data.set_content_type(type);
    data.set_components(components);
    data.set_json_config(config.json_config.empty() ? "{}" : internal::valid_utf8(config.json_config));
    for (std::int64_t length : array.shape()) data.add_shape(static_cast<std::int32_t>(length));
    const char* suffix = type == Data::VERTEX ? "_VERTEX" : type == Data::FACE ? "_FACE" : "_COLOR";
    summaries.push_back(internal::new_summary(name.empty() ? "" : name + suffix, "mesh", DataClass::tensor,
                                              config.about, data.SerializeAsString()));
    summaries.back().numbers = array;
  }
  return summaries;
}

}  // namespace cornu::io::tensorboard::summaries
