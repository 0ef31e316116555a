#pragma once

#include <string_view>

#include "cornu/keras/onnx/exporter.h"

namespace cornu::keras::onnx::internal {

/// How an op is written; null if nobody has said.
const ExportFunction* find_export(std::string_view op);

}  // namespace cornu::keras::onnx::internal
