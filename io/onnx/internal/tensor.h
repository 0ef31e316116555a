#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "cornu/graph/array/array.h"
#include "cornu/io/onnx/proto/onnx.pb.h"

namespace cornu::io::onnx::internal {

/// Where a message comes from: what errors begin with, and the folder of further files, if these may be read.
struct Origin {
  std::string name;
  std::optional<std::filesystem::path> folder;

  template <class... Parts>
  [[noreturn]] void malformed(const Parts&... parts) const {
    throw graph::FormatError(graph::message("[", name, "] ", parts...));
  }
};

/// The numbers of a tensor; throws FormatError where they do not fit the shape, TypeError for types without a dtype.
graph::Array array_of(const cornu_onnx::Tensor& tensor, const Origin& origin);
/// Its form in a file: raw bytes, which are little-endian there and here.
void set_tensor(cornu_onnx::Tensor& to, const std::string& name, const graph::Array& array);

}  // namespace cornu::io::onnx::internal
