#pragma once

#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "cornu/graph/plan/kernel.h"
#include "cornu/ops/onednn/describe.h"

namespace cornu::ops::onednn {

/// Bytes of scratch memory, rounded up so that what follows is aligned for oneDNN.
constexpr std::size_t aligned(std::size_t bytes) { return (bytes + 63) / 64 * 64; }

/// Which of a call's pointers is which of a primitive's arguments, and at which element behind the pointer it begins.
struct Argument {
  int name;  ///< DNNL_ARG_SRC, …
  MemoryDesc desc;
  int index;  ///< of the call's inputs, or of its outputs
  bool output = false;
  std::int64_t offset = 0;
};

/// A primitive and what it works on. It runs on one thread: sharing out is the plan's.
struct Piece {
  PrimitiveDesc desc;
  std::vector<Argument> arguments;
};

/// A piece ready to run, shared by all that run it.
class Program {
 public:
  Program(std::string_view op, Piece piece);
  const std::string& op() const { return op_; }
  const Piece& piece() const { return piece_; }
  dnnl_primitive_t primitive() const { return primitive_.get(); }
  /// Bytes of scratch memory that a run needs, a multiple of 64.
  std::size_t scratch() const { return scratch_; }

 private:
  std::string op_;
  Piece piece_;
  Handle<dnnl_primitive_t, dnnl_primitive_destroy> primitive_;
  std::size_t scratch_;
};

/// Runs a program again and again; running it only passes pointers. Not for two threads at a time.
class Execution {
 public:
  explicit Execution(std::shared_ptr<const Program> program);
  ~Execution();
  Execution(Execution&&) noexcept;
  void run(const void* const* src, void* const* dst, void* scratch);

 private:
  struct State;
  std::unique_ptr<State> state_;
};

/// The pieces as the parts of one kernel.
graph::Kernel kernel(std::string_view op, std::vector<Piece> pieces);
/// Parts of n rows, as graph::Call::share cuts them: `piece(begin, end)` describes one.
graph::Kernel kernel(std::string_view op, int parts, std::int64_t n,
                     const std::function<Piece(std::int64_t, std::int64_t)>& piece);

}  // namespace cornu::ops::onednn
