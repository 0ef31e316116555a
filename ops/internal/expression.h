#pragma once

#include <bit>
#include <cmath>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace cornu::ops::internal {

/// A function of the elements that stand at one place of several tensors, as straight-line code on float32 numbers:
/// what elementwise ops have in common, so that a chain of them becomes one loop (internal/elementwise_loop.h).
///
/// An op states its formula once, as a template that runs on floats and, through `Value`, writes such code:
///
///     template <class T> T operator()(T y, T dy) const { return where(y > 0.f, dy, slope * dy); }
struct Expression {
  enum class Code : std::uint8_t {
    input,
    constant,
    add,
    subtract,
    multiply,
    divide,
    sqrt,
    abs,
    negate,
    floor,
    round,
    round_bfloat16,
    exponent,
    ldexp,
    multiply_add,
    select
  };
  enum class Comparison : std::uint8_t { equal, not_equal, less, less_equal, greater, greater_equal };
  struct Step {
    Code code = Code::input;
    Comparison comparison = Comparison::equal;  ///< of `select`: a ? b → c else d
    int a = -1, b = -1, c = -1, d = -1;         ///< numbers of earlier steps; of `input`: which one
    float value = 0;                            ///< of `constant`
    friend bool operator==(const Step&, const Step&);
  };

  std::vector<Step> steps;   ///< the inputs come first, in order
  std::vector<int> outputs;  ///< the steps whose values are stored
  int inputs = 0;

  /// Steps for that many inputs and no more.
  explicit Expression(int inputs = 0);
  /// Adds a step, or finds the equal one that is there; folds constants.
  int add(Step step);
  int constant(float value) { return add({.code = Code::constant, .value = value}); }
  int operands(const Step& step) const;
  /// Steps that no output needs are left out; inputs stay.
  void prune();

  friend bool operator==(const Expression&, const Expression&) = default;
};

/// `v2 = multiply x0 0.9; v3 = …; -> v3`, x for the inputs.
std::string to_string(const Expression& expression);

/// One step applied to numbers: what a step means.
float evaluate(const Expression::Step& step, float a, float b, float c, float d);

/// A step of an expression that is being written; stands for a float in formulas.
struct Value {
  Expression* code = nullptr;
  int step = -1;
  bool defined() const { return code != nullptr; }
};
struct Condition {
  Value a, b;
  Expression::Comparison comparison;
};

inline Value binary(Expression::Code code, Value a, Value b) {
  return {a.code, a.code->add({.code = code, .a = a.step, .b = b.step})};
}
inline Value unary(Expression::Code code, Value a) { return {a.code, a.code->add({.code = code, .a = a.step})}; }
inline Value number(Value like, float x) { return {like.code, like.code->constant(x)}; }

inline Value operator+(Value a, Value b) { return binary(Expression::Code::add, a, b); }
inline Value operator-(Value a, Value b) { return binary(Expression::Code::subtract, a, b); }
inline Value operator*(Value a, Value b) { return binary(Expression::Code::multiply, a, b); }
inline Value operator/(Value a, Value b) { return binary(Expression::Code::divide, a, b); }
inline Value operator+(Value a, float b) { return a + number(a, b); }
inline Value operator-(Value a, float b) { return a - number(a, b); }
inline Value operator*(Value a, float b) { return a * number(a, b); }
inline Value operator/(Value a, float b) { return a / number(a, b); }
inline Value operator+(float a, Value b) { return number(b, a) + b; }
inline Value operator-(float a, Value b) { return number(b, a) - b; }
inline Value operator*(float a, Value b) { return number(b, a) * b; }
inline Value operator/(float a, Value b) { return number(b, a) / b; }
inline Value operator-(Value a) { return unary(Expression::Code::negate, a); }
inline Value sqrt(Value a) { return unary(Expression::Code::sqrt, a); }
inline Value abs(Value a) { return unary(Expression::Code::abs, a); }
inline Value floor(Value a) { return unary(Expression::Code::floor, a); }
inline Value round(Value a) { return unary(Expression::Code::round, a); }                    ///< half to even
inline Value round_bfloat16(Value a) { return unary(Expression::Code::round_bfloat16, a); }  ///< to bfloat16 and back
/// The exponent as it stands in the bits, less the bias: floor(log2 |a|) of a normal number.
inline Value exponent(Value a) { return unary(Expression::Code::exponent, a); }
/// a 2^n for an integer n from -252 to 254, rounded once.
inline Value ldexp(Value a, Value n) { return binary(Expression::Code::ldexp, a, n); }
/// a b + c, rounded once.
inline Value multiply_add(Value a, Value b, Value c) {
  return {a.code, a.code->add({.code = Expression::Code::multiply_add, .a = a.step, .b = b.step, .c = c.step})};
}
inline Condition operator==(Value a, Value b) { return {a, b, Expression::Comparison::equal}; }
inline Condition operator!=(Value a, Value b) { return {a, b, Expression::Comparison::not_equal}; }
inline Condition operator<(Value a, Value b) { return {a, b, Expression::Comparison::less}; }
inline Condition operator<=(Value a, Value b) { return {a, b, Expression::Comparison::less_equal}; }
inline Condition operator>(Value a, Value b) { return {a, b, Expression::Comparison::greater}; }
inline Condition operator>=(Value a, Value b) { return {a, b, Expression::Comparison::greater_equal}; }
inline Condition operator==(Value a, float b) { return a == number(a, b); }
inline Condition operator<(Value a, float b) { return a < number(a, b); }
inline Condition operator<=(Value a, float b) { return a <= number(a, b); }
inline Condition operator>(Value a, float b) { return a > number(a, b); }
inline Condition operator>=(Value a, float b) { return a >= number(a, b); }
inline Value where(Condition c, Value yes, Value no) {
  return {yes.code, yes.code->add({.code = Expression::Code::select,
                                   .comparison = c.comparison,
                                   .a = c.a.step,
                                   .b = c.b.step,
                                   .c = yes.step,
                                   .d = no.step})};
}
inline Value where(Condition c, float yes, Value no) { return where(c, number(no, yes), no); }
inline Value where(Condition c, Value yes, float no) { return where(c, yes, number(yes, no)); }

// The same formulas on floats.
inline float where(bool condition, float yes, float no) { return condition ? yes : no; }
inline float sqrt(float a) { return std::sqrt(a); }
inline float abs(float a) { return std::fabs(a); }
inline float floor(float a) { return std::floor(a); }
inline float round(float a) { return std::nearbyint(a); }
inline float exponent(float a) {
  return static_cast<float>(static_cast<int>(std::bit_cast<std::uint32_t>(a) << 1 >> 24) - 127);
}
inline float ldexp(float a, float n) { return n == n ? std::ldexp(a, static_cast<int>(n)) : a; }
inline float multiply_add(float a, float b, float c) { return std::fma(a, b, c); }
inline float number(float, float x) { return x; }

/// What an op offers whose outputs' elements depend on the inputs' elements at the same place (after broadcasting) by
/// an expression.
class Pointwise {
 public:
  /// The formula of the one output.
  virtual Value formula(std::span<const Value> x) const = 0;
  /// False if there is none for these fields.
  virtual bool has_formula() const { return true; }
  /// Whether oneDNN computes it for large tensors.
  virtual bool has_primitive() const { return false; }

 protected:
  ~Pointwise() = default;
};

}  // namespace cornu::ops::internal
