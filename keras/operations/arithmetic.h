#pragma once

#include "cornu/keras/operations/operation.h"

/// Arithmetic on Keras' symbolic tensors: each is a layer of the graph, by the name of Keras' operation.
///
///     x = x * 0.5 + ops::relu(y);
namespace cornu::keras {

/// A symbolic tensor or a number, as an operand of arithmetic.
class CORNU_EXPORT Operand {
 public:
  /// An Input, too, which is a tensor only by conversion.
  template <class T>
  requires std::is_convertible_v<const T&, const KerasTensor&> Operand(const T& tensor)
      : argument_(static_cast<const KerasTensor&>(tensor)) {}  // NOLINT: a tensor
  template <class T>
  requires std::is_arithmetic_v<T> Operand(T number)  // NOLINT: a number
      : argument_(std::is_floating_point_v<T> ? operations::Literal(static_cast<double>(number))
                                              : operations::Literal(static_cast<std::int64_t>(number))) {}
  const operations::Argument& argument() const { return argument_; }

 private:
  operations::Argument argument_;
};

CORNU_EXPORT KerasTensor operator+(const KerasTensor& a, const Operand& b);
CORNU_EXPORT KerasTensor operator-(const KerasTensor& a, const Operand& b);
CORNU_EXPORT KerasTensor operator*(const KerasTensor& a, const Operand& b);
CORNU_EXPORT KerasTensor operator/(const KerasTensor& a, const Operand& b);
CORNU_EXPORT KerasTensor operator-(const KerasTensor& a);
template <class T>
requires std::is_arithmetic_v<T> KerasTensor operator+(T a, const KerasTensor& b);
template <class T>
requires std::is_arithmetic_v<T> KerasTensor operator-(T a, const KerasTensor& b);
template <class T>
requires std::is_arithmetic_v<T> KerasTensor operator*(T a, const KerasTensor& b);
template <class T>
requires std::is_arithmetic_v<T> KerasTensor operator/(T a, const KerasTensor& b);

namespace operations {
/// An operation of two operands: `binary("Add", a, b)`.
CORNU_EXPORT KerasTensor binary(std::string_view class_name, const Operand& a, const Operand& b);
}  // namespace operations

template <class T>
requires std::is_arithmetic_v<T> KerasTensor operator+(T a, const KerasTensor& b) {
  return operations::binary("Add", a, b);
}
template <class T>
requires std::is_arithmetic_v<T> KerasTensor operator-(T a, const KerasTensor& b) {
  return operations::binary("Subtract", a, b);
}
template <class T>
requires std::is_arithmetic_v<T> KerasTensor operator*(T a, const KerasTensor& b) {
  return operations::binary("Multiply", a, b);
}
template <class T>
requires std::is_arithmetic_v<T> KerasTensor operator/(T a, const KerasTensor& b) {
  return operations::binary("TrueDivide", a, b);
}

}  // namespace cornu::keras

namespace cornu::ops {

using keras::KerasTensor;
using keras::Operand;

CORNU_EXPORT KerasTensor add(const KerasTensor& a, const Operand& b);
CORNU_EXPORT KerasTensor subtract(const KerasTensor& a, const Operand& b);
CORNU_EXPORT KerasTensor multiply(const KerasTensor& a, const Operand& b);
CORNU_EXPORT KerasTensor divide(const KerasTensor& a, const Operand& b);
CORNU_EXPORT KerasTensor power(const KerasTensor& a, const Operand& b);
CORNU_EXPORT KerasTensor maximum(const KerasTensor& a, const Operand& b);
CORNU_EXPORT KerasTensor minimum(const KerasTensor& a, const Operand& b);
/// Comparisons give bool, as for masks.
CORNU_EXPORT KerasTensor equal(const KerasTensor& a, const Operand& b);
CORNU_EXPORT KerasTensor not_equal(const KerasTensor& a, const Operand& b);
CORNU_EXPORT KerasTensor greater(const KerasTensor& a, const Operand& b);
CORNU_EXPORT KerasTensor less(const KerasTensor& a, const Operand& b);
CORNU_EXPORT KerasTensor matmul(const KerasTensor& a, const KerasTensor& b);

}  // namespace cornu::ops
