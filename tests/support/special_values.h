#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <vector>

#include "cornu/graph/tensor.h"

namespace cornu::tests {

using graph::Tensor;
using graph::Tensors;

/// A function of a table in tests/ops/special_values, which holds what real Keras computes at 0, infinities, NaN and
/// denormal numbers, made with Cornu's ops. `build` gets tensors of shape (rows, numbers of a row), and gives (rows,),
/// (rows, numbers) or any shape whose elements lie in that order.
struct SpecialFunction {
  std::string name;  ///< as the table has it: `== name inputs: expression`
  std::function<Tensor(const Tensors&)> build;
  /// Inputs for which we have another answer than Keras, if any: say why where it is registered, and in docs/parity.md.
  std::function<bool(const std::vector<double>& inputs)> own = {};
  bool in_bfloat16 = true;  ///< false where bfloat16 cannot hold a constant of the formula
};

/// Adds functions, which tests/sweeps/ops_special_values_test.cpp compares with their tables. One call a test file:
///
///     static const bool special = register_special_functions({of_one("sqrt", ops::sqrt), …});
bool register_special_functions(std::vector<SpecialFunction> functions);
const std::map<std::string, SpecialFunction>& special_functions();

/// Says of an op that no table is needed, and why.
bool register_without_special_values(std::string op, std::string why);
const std::map<std::string, std::string>& ops_without_special_values();

inline SpecialFunction of_one(std::string name, std::function<Tensor(const Tensor&)> f,
                              std::function<bool(const std::vector<double>&)> own = {}) {
  return {std::move(name), [f = std::move(f)](const Tensors& x) { return f(x[0]); }, std::move(own)};
}
inline SpecialFunction of_two(std::string name, std::function<Tensor(const Tensor&, const Tensor&)> f) {
  return {std::move(name), [f = std::move(f)](const Tensors& x) { return f(x[0], x[1]); }};
}
bool any_nan(const std::vector<double>& inputs);
bool any_denormal(const std::vector<double>& inputs);  ///< as float32

/// What is right for one number: what Keras gives in float32, elsewhere in its vector code, or in double precision.
using Alternatives = std::vector<double>;

struct SpecialRow {
  std::vector<double> inputs;                        ///< of all inputs, one after the other
  std::vector<Alternatives> outputs;                 ///< empty where only gradients are told
  std::vector<std::vector<Alternatives>> gradients;  ///< for each dy, by all inputs; empty if there are none
};

struct SpecialTable {
  std::string file, name;
  std::vector<int> lengths;              ///< how many numbers of a row each input has
  std::vector<std::vector<double>> dys;  ///< of a row's outputs
  std::vector<SpecialRow> rows;
};

/// Throws std::runtime_error, with file and line, for what is no table.
std::vector<SpecialTable> read_special_tables(const std::filesystem::path& file);

}  // namespace cornu::tests
