#include "cornu/ops/passes/internal/match.h"

#include <algorithm>
#include <cmath>

namespace cornu::ops::internal {
namespace {

class Field final : public graph::FieldVisitor {
 public:
  explicit Field(std::string_view name) : name_(name) {}
  std::optional<double> value;
  std::vector<std::int64_t> list;

 private:
  void boolean(std::string_view, bool) override {}
  void integer(std::string_view name, std::int64_t v) override {
    if (name == name_) value = static_cast<double>(v);
  }
  void number(std::string_view name, double v) override {
    if (name == name_) value = v;
  }
  void text(std::string_view, std::string_view) override {}
  void integers(std::string_view name, const std::vector<std::int64_t>& v) override {
    if (name == name_) list = v;
  }

  std::string_view name_;
};

}  // namespace

std::optional<double> number_field(const graph::Op& op, std::string_view name) {
  Field field(name);
  op.fields(field);
  return field.value;
}

std::vector<std::int64_t> integers_field(const graph::Op& op, std::string_view name) {
  Field field(name);
  op.fields(field);
  return std::move(field.list);
}

bool is_constant(const graph::Tensor& tensor, double value) {
  constexpr std::int64_t kMost = 4096;  // elements that are looked at
  const auto* fixed = graph::as<graph::Constant>(tensor);
  if (!fixed || fixed->value.size() == 0 || fixed->value.size() > kMost) return false;
  return graph::visit(fixed->value.dtype(), [&](auto zero) {
    const auto* x = reinterpret_cast<const decltype(zero)*>(fixed->value.bytes());
    return std::all_of(x, x + fixed->value.size(), [&](auto v) {
      const double got = static_cast<double>(v);
      return got == value && (!graph::is_floating(fixed->value.dtype()) || std::signbit(got) == std::signbit(value));
    });
  });
}

}  // namespace cornu::ops::internal
