#pragma once

#include <map>
#include <variant>

#include "cornu/keras/object.h"

namespace cornu::keras {

using FieldPointer =
    std::variant<bool*, int*, std::int64_t*, double*, std::string*, graph::Shape*, std::optional<bool>*,
                 std::optional<int>*, std::optional<std::int64_t>*, std::optional<double>*, std::vector<int>*,
                 std::optional<std::vector<int>>*, std::vector<std::vector<int>>*, std::vector<double>*,
                 std::optional<std::vector<double>>*, std::vector<std::string>*, std::optional<graph::Array>*,
                 std::map<std::string, double>*, ObjectSlot*, ObjectList*, LayerGraph*>;

/// What a config's field may be. A text that is empty, a shape that is not set and a map without entries stand for
/// null. Few configs have a map, so that it is visited by this type: `v.visit({"renorm_clipping"}, &renorm_clipping)`.
struct FieldValue : FieldPointer {
  using FieldPointer::FieldPointer;
};

}  // namespace cornu::keras
