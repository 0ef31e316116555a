#pragma once

#include <array>
#include <cstdint>
#include <initializer_list>
#include <iosfwd>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "cornu/graph/tensor.h"
#include "cornu/keras/layers/call_arguments.h"
#include "cornu/keras/shared.h"

namespace cornu::keras {
namespace layers {
class Layer;
}

struct Use;

/// Keras' symbolic tensor: an output of a layer that was called on other such tensors. It has a dtype and a shape,
/// whose lengths may be unknown, and knows how it came about; a `models::Model` is made from some of them.
///
///     auto x = layers::Input({.shape = {784}});
///     auto y = layers::Dense(10)(x);
///     models::Model model(x, y);
class CORNU_EXPORT KerasTensor {
 public:
  KerasTensor() = default;
  KerasTensor(std::shared_ptr<const Use> use, int index) : use_(std::move(use)), index_(index) {}

  bool defined() const { return use_ != nullptr; }
  const graph::Spec& spec() const;
  const graph::Shape& shape() const { return spec().shape; }
  graph::DType dtype() const { return spec().dtype; }
  int ndim() const { return shape().rank(); }

  /// The call that gave it, and which of its outputs it is. Throws ValueError if it is undefined.
  const Use& use() const;
  const std::shared_ptr<const Use>& use_ptr() const { return use_; }
  int index() const { return index_; }
  /// The layer that gave it.
  const Shared<layers::Layer>& layer() const;

  /// All outputs of that call: `auto [y, state] = layer(x).get<2>()`. Throws ValueError for another number of outputs.
  std::vector<KerasTensor> outputs() const;
  template <std::size_t N>
  std::array<KerasTensor, N> get() const {
    const std::vector<KerasTensor> all = outputs();
    graph::require<graph::ValueError>(all.size() == N, "asked for ", N, " outputs of a layer that has ", all.size());
    std::array<KerasTensor, N> list;
    for (std::size_t i = 0; i < N; ++i) list[i] = all[i];
    return list;
  }
  /// The same output of the same call.
  bool same(const KerasTensor& other) const { return use_ == other.use_ && index_ == other.index_; }

 private:
  std::shared_ptr<const Use> use_;
  int index_ = 0;
};

/// `KerasTensor float32(None, 10) of "dense"`.
CORNU_EXPORT std::ostream& operator<<(std::ostream&, const KerasTensor&);

/// One call of a layer. An input has a use of its layer without inputs.
struct Use {
  Shared<layers::Layer> layer;
  std::vector<KerasTensor> inputs;
  std::vector<std::pair<std::string, KerasTensor>> named;  ///< tensors that were given by name
  CallValues values = {};                                  ///< arguments that are no tensors
  bool as_list = false;                                    ///< called with a list: `Add()({x, y})`
  std::optional<bool> training = std::nullopt;             ///< the argument `training` of the call, if there was one
  graph::Specs outputs;
  std::uint64_t number = next_number();  ///< in the order in which calls are made

  /// All that the call reads: the inputs, and then those by name.
  std::vector<KerasTensor> read() const;
  /// The call as specs.
  CallSpecs specs() const;

 private:
  static std::uint64_t next_number();
};

/// Symbolic tensors in order, perhaps with names: a model's inputs and outputs.
///
///     {.inputs = {a, b}, .outputs = {{"digit", what}, {"same", equal}}}
class CORNU_EXPORT KerasTensors {
 public:
  KerasTensors();
  KerasTensors(const KerasTensors&);
  KerasTensors(KerasTensors&&) noexcept;
  KerasTensors& operator=(const KerasTensors&);
  KerasTensors& operator=(KerasTensors&&) noexcept;
  ~KerasTensors();
  template <class T>
  requires(std::convertible_to<const T&, KerasTensor> && !std::same_as<T, KerasTensors>) KerasTensors(const T& tensor)
      : KerasTensors({static_cast<KerasTensor>(tensor)}) {}  // NOLINT: one tensor
  KerasTensors(std::initializer_list<KerasTensor> tensors);
  KerasTensors(std::vector<KerasTensor> tensors);  // NOLINT: several tensors
  KerasTensors(std::initializer_list<std::pair<std::string, KerasTensor>> named);
  KerasTensors(std::vector<std::string> names, std::vector<KerasTensor> tensors);

  std::size_t size() const { return tensors_.size(); }
  const KerasTensor& operator[](std::size_t i) const { return tensors_.at(i); }
  auto begin() const { return tensors_.begin(); }
  auto end() const { return tensors_.end(); }
  const std::vector<KerasTensor>& tensors() const { return tensors_; }
  operator const std::vector<KerasTensor>&() const { return tensors_; }  // NOLINT: is a list
  /// Empty, or a name for each.
  const std::vector<std::string>& names() const { return names_; }

 private:
  std::vector<std::string> names_;
  std::vector<KerasTensor> tensors_;
};

}  // namespace cornu::keras
