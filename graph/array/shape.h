#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <iosfwd>
#include <span>
#include <string>
#include <vector>

#include "cornu/graph/check.h"

namespace cornu::graph {

/// The size of an axis that is not known before data comes: Keras' `None`.
inline constexpr std::int64_t kUnknown = -1;

/// The lengths of an array's axes, at most 8, kept in place. `{}` is a scalar's shape. An axis may be `kUnknown`;
/// `Shape::unset()` stands for "no shape given" in configs.
class Shape {
 public:
  static constexpr int kMaxRank = 8;
  using value_type = std::int64_t;

  Shape() = default;
  Shape(std::initializer_list<std::int64_t> dims) : Shape(std::span<const std::int64_t>(dims.begin(), dims.size())) {}
  explicit Shape(std::span<const std::int64_t> dims);
  explicit Shape(const std::vector<std::int64_t>& dims) : Shape(std::span<const std::int64_t>(dims)) {}

  /// No shape at all, unlike the scalar's `{}`.
  static Shape unset() {
    Shape s;
    s.rank_ = -1;
    return s;
  }
  bool is_set() const { return rank_ >= 0; }

  int rank() const { return rank_ < 0 ? 0 : rank_; }
  std::size_t size() const { return static_cast<std::size_t>(rank()); }
  bool empty() const { return rank() == 0; }
  /// The number of elements: 1 for a scalar. Requires that every axis is known.
  std::int64_t elements() const;
  /// True if no axis is kUnknown.
  bool is_static() const;

  std::int64_t operator[](int axis) const { return dims_[axis]; }
  std::int64_t& operator[](int axis) { return dims_[axis]; }
  std::int64_t front() const { return dims_[0]; }
  std::int64_t back() const { return dims_[rank_ - 1]; }
  const std::int64_t* begin() const { return dims_.data(); }
  const std::int64_t* end() const { return dims_.data() + rank(); }
  const std::int64_t* data() const { return dims_.data(); }

  /// Axis `-1` is the last one. Throws ShapeError if there is no such axis.
  int normalize(int axis) const;
  /// This shape with one more axis in front / behind; without some; with another length of one.
  Shape prepend(std::int64_t dim) const;
  Shape append(std::int64_t dim) const;
  Shape drop_front(int n = 1) const;
  Shape drop_back(int n = 1) const;
  Shape with(int axis, std::int64_t dim) const;
  Shape insert(int axis, std::int64_t dim) const;
  Shape erase(int axis) const;

  friend bool operator==(const Shape& a, const Shape& b) {
    if (a.rank_ != b.rank_) return false;
    for (int i = 0; i < a.rank_; ++i)
      if (a.dims_[i] != b.dims_[i]) return false;
    return true;
  }

 private:
  std::array<std::int64_t, kMaxRank> dims_{};
  int rank_ = 0;
};

/// NumPy's broadcasting; throws ShapeError naming both shapes. `who` starts the message.
Shape broadcast(const Shape& a, const Shape& b, std::string_view who = "broadcast");

/// As Python prints a tuple: `()`, `(3,)`, `(None, 784)`.
std::string to_string(const Shape&);
std::ostream& operator<<(std::ostream&, const Shape&);

}  // namespace cornu::graph

namespace cornu {
using graph::kUnknown;
using graph::Shape;
}  // namespace cornu
