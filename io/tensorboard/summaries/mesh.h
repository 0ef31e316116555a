#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cornu/io/tensorboard/summary.h"

namespace cornu::io::tensorboard::summaries {

struct MeshConfig {
  std::optional<graph::Array> colors = std::nullopt;  ///< uint8, a red, green, blue triple for each vertex
  std::optional<graph::Array> faces = std::nullopt;   ///< integers, three numbers of vertices for each triangle
  std::string json_config = {};                       ///< three.js options as JSON: {"camera": {…}}
  Description about = {};
};

/// Points in space, a point cloud or, with faces, a surface: vertices (points, 3) or (meshes, points, 3), faces
/// (triangles, 3) or (meshes, triangles, 3). One to three values, `tag_VERTEX`, `tag_FACE`, `tag_COLOR`, to be written
/// in one step. Throws ShapeError, TypeError, ValueError for a face with a vertex that is not there.
///
///     const Array corners{{0.f, 0.f, 0.f}, {1.f, 0.f, 0.f}, {0.f, 1.f, 0.f}};
///     w.mesh("triangle", corners, step, {.faces = Array{{0, 1, 2}}});
std::vector<Summary> mesh(std::string_view tag, const graph::Array& vertices, const MeshConfig& config = {});

}  // namespace cornu::io::tensorboard::summaries
