#pragma once

#include <cstdint>
#include <string_view>

#include "cornu/graph/array/random.h"
#include "cornu/graph/variable.h"

namespace cornu::keras {

/// Visits what changes in an object while it is used: weights, slots, counts, positions, random states. One list serves
/// exact resume, copies and comparisons. Layers, optimizers, metrics, callbacks and sources of data have `void
/// state(StateVisitor&)`.
///
///     struct Count : callbacks::Callback {
///       std::int64_t batches = 0;
///       void state(StateVisitor& v) override { v("batches", batches); }
///     };
///
/// A visitor that reads assigns to the references. Names are unique within an object; parts have their own:
/// `v.part("cell", *cell)`.
class CORNU_EXPORT StateVisitor {
 public:
  virtual ~StateVisitor();
  /// A variable, which keeps its shape and dtype. It may be undefined as long as the object is not built.
  virtual void operator()(std::string_view name, graph::Variable& variable) = 0;
  virtual void operator()(std::string_view name, std::int64_t& value) = 0;
  virtual void operator()(std::string_view name, double& value) = 0;
  virtual void operator()(std::string_view name, graph::random::Generator& generator) = 0;

  /// The state of a part, under that name.
  template <class T>
  void part(std::string_view name, T& object) {
    enter(name);
    object.state(*this);
    leave();
  }

 protected:
  virtual void enter(std::string_view name) = 0;
  virtual void leave() = 0;
};

}  // namespace cornu::keras
