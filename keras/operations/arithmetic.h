#pragma once

#include <cstdint>
#include <string_view>
#include <type_traits>

#include "cornu/keras/layers/keras_tensor.h"

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
      : tensor_(static_cast<const KerasTensor&>(tensor)) {}  // NOLINT: a tensor
  template <class T>
  requires std::is_arithmetic_v<T> Operand(T number)  // NOLINT: a number
      : is_number_(true),
        is_whole_(!std::is_floating_point_v<T>),
        whole_(static_cast<std::int64_t>(number)),
        number_(static_cast<double>(number)) {}

  /// Undefined for a number.
  const KerasTensor& tensor() const { return tensor_; }
  bool is_number() const { return is_number_; }
  bool is_whole() const { return is_whole_; }
  std::int64_t whole() const { return whole_; }
  double number() const { return number_; }

 private:
  KerasTensor tensor_;
  bool is_number_ = false, is_whole_ = false;
  std::int64_t whole_ = 0;
  double number_ = 0;
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
CORNU_EXPORT KerasTensor floor_divide(const KerasTensor& a, const Operand& b);
CORNU_EXPORT KerasTensor mod(const KerasTensor& a, const Operand& b);
CORNU_EXPORT KerasTensor power(const KerasTensor& a, const Operand& b);
CORNU_EXPORT KerasTensor maximum(const KerasTensor& a, const Operand& b);
CORNU_EXPORT KerasTensor minimum(const KerasTensor& a, const Operand& b);
CORNU_EXPORT KerasTensor arctan2(const KerasTensor& a, const Operand& b);
CORNU_EXPORT KerasTensor hypot(const KerasTensor& a, const Operand& b);
CORNU_EXPORT KerasTensor logaddexp(const KerasTensor& a, const Operand& b);
/// Comparisons and logical functions give bool, as for masks.
CORNU_EXPORT KerasTensor equal(const KerasTensor& a, const Operand& b);
CORNU_EXPORT KerasTensor not_equal(const KerasTensor& a, const Operand& b);
CORNU_EXPORT KerasTensor greater(const KerasTensor& a, const Operand& b);
CORNU_EXPORT KerasTensor greater_equal(const KerasTensor& a, const Operand& b);
CORNU_EXPORT KerasTensor less(const KerasTensor& a, const Operand& b);
CORNU_EXPORT KerasTensor less_equal(const KerasTensor& a, const Operand& b);
CORNU_EXPORT KerasTensor logical_and(const KerasTensor& a, const Operand& b);
CORNU_EXPORT KerasTensor logical_or(const KerasTensor& a, const Operand& b);
CORNU_EXPORT KerasTensor logical_xor(const KerasTensor& a, const Operand& b);
CORNU_EXPORT KerasTensor matmul(const KerasTensor& a, const KerasTensor& b);

}  // namespace cornu::ops
