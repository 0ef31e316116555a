#pragma once

#include <charconv>
#include <string>
#include <utility>
#include <vector>

#include "cornu/graph/fields.h"

namespace cornu::graph::internal {

/// The fields of an op as texts; numbers as short as reads back to the same number.
struct FieldTexts final : FieldVisitor {
  std::vector<std::pair<std::string, std::string>> list;

 private:
  void put(std::string_view name, std::string value) { list.emplace_back(name, std::move(value)); }
  void boolean(std::string_view name, bool value) override { put(name, value ? "true" : "false"); }
  void integer(std::string_view name, std::int64_t value) override { put(name, std::to_string(value)); }
  void number(std::string_view name, double value) override {
    char text[32];
    put(name, std::string(text, std::to_chars(text, text + sizeof text, value).ptr));
  }
  void text(std::string_view name, std::string_view value) override { put(name, std::string(value)); }
  void integers(std::string_view name, const std::vector<std::int64_t>& value) override {
    std::string all = "[";
    for (std::size_t i = 0; i < value.size(); ++i) all += (i ? ", " : "") + std::to_string(value[i]);
    put(name, all + "]");
  }
};

}  // namespace cornu::graph::internal
