#include <gtest/gtest.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "cornu/autodiff/gradients.h"
#include "cornu/graph/function.h"
#include "cornu/graph/op.h"
#include "cornu/graph/passes/pass.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/matmul.h"
#include "cornu/ops/native/cast.h"
#include "cornu/ops/native/reshape.h"
#include "tests/support/interpreter.h"
#include "tests/support/op_samples.h"
#include "tests/support/source_dir.h"
#include "tests/support/special_values.h"

// Values and gradients of every op at 0, infinities, NaN and denormal numbers, as real Keras has them, in every form in
// which an op may be computed.
namespace cornu::tests {
namespace {

const std::vector<SpecialTable>& tables() {
  static const std::vector<SpecialTable> all = [] {
    std::vector<std::filesystem::path> files;
    for (const auto& entry : std::filesystem::directory_iterator(source_dir() / "tests/ops/special_values"))
      if (entry.path().extension() == ".txt") files.push_back(entry.path());
    std::sort(files.begin(), files.end());
    std::vector<SpecialTable> list;
    for (const auto& file : files)
      for (SpecialTable& table : read_special_tables(file)) list.push_back(std::move(table));
    return list;
  }();
  return all;
}

/// How a function is computed.
struct Form {
  const char* what;
  enum { plain, chain, product } around = plain;  ///< what stands before and behind it, so that it fuses with that
  DType dtype = graph::float32;
  bool large = false;  ///< rows are repeated: large tensors are computed by other kernels than small ones
  const char* disabled = "";
};

constexpr Form kForms[] = {
    {.what = "without passes", .disabled = "all"},
    {.what = "small"},
    {.what = "large without passes", .large = true, .disabled = "all"},
    {.what = "large", .large = true},
    {.what = "in a chain", .around = Form::chain},
    {.what = "in a large chain", .around = Form::chain, .large = true},
    {.what = "behind a product", .around = Form::product},
    {.what = "behind a large product", .around = Form::product, .large = true},
    {.what = "in bfloat16 without passes", .dtype = graph::bfloat16, .disabled = "all"},
    {.what = "in bfloat16", .dtype = graph::bfloat16},
    {.what = "in bfloat16, large", .dtype = graph::bfloat16, .large = true},
    {.what = "in bfloat16, in a chain", .around = Form::chain, .dtype = graph::bfloat16},
    {.what = "in bfloat16, behind a product", .around = Form::product, .dtype = graph::bfloat16},
};

bool within(double got, double want, const Form& form) {
  if (std::isnan(want) || std::isnan(got)) return std::isnan(want) && std::isnan(got);
  if (got == want) return true;
  if (std::isinf(want) || std::isinf(got)) return false;
  const bool narrow = form.dtype == graph::bfloat16;
  const double relative = narrow ? 0.03 : 1e-5, absolute = narrow ? 0.03 : 1e-6;
  // Where TensorFlow says 0, a small number is rounding; a large error next to it is none.
  return std::abs(got - want) <= relative * std::abs(want) + absolute;
}

bool matches(double got, const Alternatives& want, const Form& form) {
  // With denormal numbers Keras' own answers are now a number, now none: then it is rounding that decides.
  const auto finite = [](double v) { return std::isfinite(v); };
  if (std::any_of(want.begin(), want.end(), finite) && !std::all_of(want.begin(), want.end(), finite)) return true;
  return std::any_of(want.begin(), want.end(), [&](double one) { return within(got, one, form); });
}

std::string text(const std::vector<double>& numbers) {
  std::string all;
  for (const double v : numbers) all += (all.empty() ? "" : " ") + graph::message(v);
  return all;
}

class Comparison {
 public:
  Comparison(const SpecialTable& table, const SpecialFunction& function, const Form& form)
      : table_(table), function_(function), form_(form) {}

  /// The arguments: the inputs, the cotangent, and ones that nothing is simplified by.
  std::vector<Array> arguments(std::size_t dy) const {
    std::vector<Array> all;
    std::size_t first = 0;
    for (const int length : table_.lengths) {
      std::vector<double> values;
      for (int i = 0; i < repeats(); ++i)
        for (const SpecialRow& row : table_.rows)
          values.insert(values.end(), row.inputs.begin() + static_cast<long>(first),
                        row.inputs.begin() + static_cast<long>(first) + length);
      all.push_back(numbers({rows(), length}, values).astype(form_.dtype));
      first += static_cast<std::size_t>(length);
    }
    std::vector<double> cotangent;
    for (std::int64_t i = 0; i < rows(); ++i)
      cotangent.insert(cotangent.end(), table_.dys[dy].begin(), table_.dys[dy].end());
    all.push_back(numbers({rows(), width()}, cotangent).astype(form_.dtype));
    all.push_back(numbers({1, form_.around == Form::product ? kColumns : 1},
                          std::vector<double>(form_.around == Form::product ? kColumns : 1, 1.))
                      .astype(form_.dtype));
    return all;
  }

  Tensors build(std::span<const Tensor> arguments) const {
    const Tensor &one = arguments.back(), &dy = arguments[arguments.size() - 2];
    Tensors x;
    for (const Tensor& input : arguments.first(arguments.size() - 2)) x.push_back(surrounded(input, one));
    Tensor y = function_.build(x);
    if (form_.around == Form::chain && graph::is_floating(y.dtype())) y = y * ops::cast(one, y.dtype());
    Tensors results{y};
    if (table_.rows[0].gradients.empty()) return results;
    std::vector<autodiff::Wrt> wrt(x.begin(), x.end());
    Tensor cotangent = ops::cast(surrounded(dy, one), y.dtype());
    if (form_.around != Form::product) cotangent = ops::reshape(cotangent, y.shape());
    for (const Tensor& gradient : autodiff::gradients({y}, {cotangent}, wrt)) results.push_back(gradient);
    return results;
  }

  void compare(const std::vector<Array>& results, std::size_t dy) {
    if (dy == 0) {
      const F64 y(results[0]);
      check(
          y, 0, width(), [](const SpecialRow& row) -> const auto& { return row.outputs; }, "value");
    }
    std::int64_t first = 0;
    for (std::size_t i = 1; i < results.size(); ++i) {
      const int length = table_.lengths[i - 1];
      check(
          F64(results[i]), first, length, [&](const SpecialRow& row) -> const auto& { return row.gradients.at(dy); },
          "gradient by input " + std::to_string(i - 1) + " for dy " + text(table_.dys[dy]));
      first += length;
    }
  }

 private:
  static constexpr std::int64_t kColumns = 3;  // of a product
  static constexpr std::int64_t kLarge = 2048;

  std::int64_t rows() const { return static_cast<std::int64_t>(table_.rows.size()) * repeats(); }
  std::int64_t repeats() const { return form_.large ? kLarge / static_cast<std::int64_t>(table_.rows.size()) + 2 : 1; }
  std::int64_t width() const { return static_cast<std::int64_t>(table_.dys.at(0).size()); }
  Tensor surrounded(const Tensor& input, const Tensor& one) const {
    if (form_.around == Form::plain) return input;
    return form_.around == Form::chain ? input * one : ops::matmul(input, one);
  }

  template <class Cells>
  void check(const F64& got, std::int64_t first, std::int64_t length, const Cells& cells, const std::string& what) {
    const std::int64_t columns = form_.around == Form::product ? kColumns : 1;
    ASSERT_EQ(got.size(), rows() * length * columns) << table_.name << ' ' << form_.what;
    int wrong = 0;
    for (std::int64_t i = 0; i < got.size() && wrong < 5; ++i) {
      const SpecialRow& row = table_.rows[static_cast<std::size_t>(i / columns / length) % table_.rows.size()];
      const Alternatives& want = cells(row).at(static_cast<std::size_t>(first + i / columns % length));
      if (matches(got[i], want, form_) || excused(row)) continue;
      ++wrong;
      ADD_FAILURE() << table_.file << ", " << table_.name << ' ' << form_.what << ", at " << text(row.inputs) << ": "
                    << what << " [" << i << "] is " << got[i] << ", Keras' is " << text(want);
    }
  }

  bool excused(const SpecialRow& row) const {
    if (function_.own && function_.own(row.inputs)) return true;
    // A product adds its terms to 0, which makes 0 of -0; rounding to bfloat16 may make 0 of a denormal number.
    const auto any = [&](auto f) { return std::any_of(row.inputs.begin(), row.inputs.end(), f); };
    if (form_.around == Form::product && any([](double v) { return v == 0 && std::signbit(v); })) return true;
    return form_.dtype == graph::bfloat16 && any_denormal(row.inputs);
  }

  const SpecialTable& table_;
  const SpecialFunction& function_;
  const Form& form_;
};

bool of_single_numbers(const SpecialTable& table) {
  return table.dys.at(0).size() == 1 &&
         std::all_of(table.lengths.begin(), table.lengths.end(), [](int n) { return n == 1; });
}

const SpecialFunction& function_of(const SpecialTable& table) {
  const auto found = special_functions().find(table.name);
  if (found == special_functions().end())
    throw std::logic_error(table.file + ": no test registers a function '" + table.name + "'");
  return found->second;
}

class SpecialValues : public testing::TestWithParam<std::string> {};

TEST_P(SpecialValues, AreThoseOfKeras) {
  const auto& table =
      *std::find_if(tables().begin(), tables().end(), [](const auto& t) { return t.name == GetParam(); });
  const SpecialFunction& function = function_of(table);
  for (const Form& form : kForms) {
    if (form.around == Form::product && !of_single_numbers(table)) continue;
    if (form.dtype == graph::bfloat16 && !function.in_bfloat16) continue;
    Comparison comparison(table, function, form);
    const graph::Function f([&](std::span<const Tensor> x) { return graph::Outputs(comparison.build(x)); }, -1,
                            {.threads = 1, .disable_passes = form.disabled});
    for (std::size_t dy = 0; dy < table.dys.size(); ++dy)
      comparison.compare(f.call(comparison.arguments(dy)).arrays(), dy);
  }
  const Form alone{.what = "node by node"};
  Comparison comparison(table, function, alone);
  for (std::size_t dy = 0; dy < table.dys.size(); ++dy) {
    const std::vector<Array> arguments = comparison.arguments(dy);
    Tensors x;
    for (std::size_t i = 0; i < arguments.size(); ++i)
      x.push_back(input(static_cast<int>(i), arguments[i].shape(), arguments[i].dtype()));
    comparison.compare(interpret(comparison.build(x), arguments, {.in_place = true}), dy);
  }
}

std::vector<std::string> table_names() {
  std::vector<std::string> names;
  for (const SpecialTable& table : tables()) names.push_back(table.name);
  return names;
}

INSTANTIATE_TEST_SUITE_P(, SpecialValues, testing::ValuesIn(table_names()),
                         [](const auto& info) { return info.param; });

TEST(SpecialValuesOfOps, EveryRegisteredFunctionHasATable) {
  const auto names = table_names();
  for (const auto& [name, function] : special_functions())
    EXPECT_EQ(std::count(names.begin(), names.end(), name), 1)
        << "tables in tests/ops/special_values for '" << name << "'";
}

TEST(SpecialValuesOfOps, EveryOpIsInATable) {
  std::set<std::string> seen;
  for (const SpecialTable& table : tables()) {
    const Form form{.what = "plain"};
    const Comparison comparison(table, function_of(table), form);
    Tensors x;
    for (const Array& a : comparison.arguments(0)) x.push_back(input(static_cast<int>(x.size()), a.shape(), a.dtype()));
    const Tensors results = comparison.build(x);
    for (const graph::Node* node : nodes_of(results)) seen.insert(std::string(node->op().name()));
  }
  for (const std::string& name : graph::op_registry().names()) {
    const bool exempt = ops_without_special_values().contains(name);
    EXPECT_NE(seen.contains(name), exempt)
        << "op '" << name
        << (exempt ? "' is in a table and exempt from it" : "' is in no table of tests/ops/special_values");
  }
}

}  // namespace
}  // namespace cornu::tests
