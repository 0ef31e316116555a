#pragma once

#include <array>
#include <functional>
#include <memory>
#include <span>
#include <type_traits>
#include <utility>
#include <vector>

#include "cornu/graph/outputs.h"

namespace cornu::graph {

/// What a call of a Function gives: as an Array if there is one output; several by index, in a loop, or `auto [a, b] =
/// r.get<2>()`.
class Results {
 public:
  explicit Results(std::vector<Array> arrays) : arrays_(std::move(arrays)) {}
  /// Throws ValueError unless there is exactly one output.
  operator Array() const { return one(); }  // NOLINT: `Array loss = step(x, y);`
  const Array& one() const;
  const Array& operator[](std::size_t i) const { return arrays_.at(i); }
  std::size_t size() const { return arrays_.size(); }
  auto begin() const { return arrays_.begin(); }
  auto end() const { return arrays_.end(); }
  const std::vector<Array>& arrays() const { return arrays_; }
  /// Throws ValueError unless there are exactly N outputs.
  template <std::size_t N>
  std::array<Array, N> get() const {
    require<ValueError>(arrays_.size() == N, "asked for ", N, " outputs of a function that has ", arrays_.size());
    std::array<Array, N> out;
    std::copy(arrays_.begin(), arrays_.end(), out.begin());
    return out;
  }

 private:
  std::vector<Array> arrays_;
};
std::ostream& operator<<(std::ostream&, const Results&);

class Plan;
class Profile;

struct FunctionConfig {
  std::string name = "function";
  int threads = 0;  ///< 0: as many as OpenMP gives
  /// Plans that are kept, one for each signature; beyond that, one gives way to the next. 0: as many as take about
  /// 32 MB, and at least 16.
  int cached_plans = 0;
  std::string disable_passes;  ///< names of passes to leave out (see graph/passes/passes.h): "fusion,layout", "all"
};

/// A traced computation. The callable runs once per input signature (dtypes and full shapes, as jax.jit) to describe
/// the computation on Tensors; the plan made from it is kept and run for every further call. When there are more
/// signatures than plans may be kept, most of the plans stay while they are used at all and a quarter come and go, so
/// that lengths which come round again and again find theirs.
///
///     Function f([](const Tensor& x) { return ops::sum(x * x); });
///     Array y = f(Array{1.f, 2.f});     // 5
///
/// Copies share plans. What the callable captures by reference must outlive the Function. Calls from several threads
/// are safe as long as no two of them update the same variable; once the plan is there they take no lock. The callable
/// must not call the Function itself, which throws ValueError unless that call has a plan already.
class Function {
 public:
  using Callable = std::function<Outputs(std::span<const Tensor>)>;

  Function() = default;
  /// From `f(const Tensor&, …) -> Tensor | Outputs` with up to eight parameters, or `f(std::span<const Tensor>)`.
  template <class F>
  requires(!std::is_same_v<std::remove_cvref_t<F>, Function>) explicit Function(F f, FunctionConfig config = {})
      : Function(wrap(std::move(f)), arity<F>(), std::move(config)) {}
  /// `arity` -1: any number of arguments. Throws ValueError if `config.disable_passes` has an unknown name.
  Function(Callable callable, int arity, FunctionConfig config);

  template <class... A>
  requires(std::is_convertible_v<const A&, Array>&&...) Results operator()(const A&... arguments) const {
    const std::array<Array, sizeof...(A)> arrays{Array(arguments)...};
    return call(arrays);
  }
  /// Throws ValueError for a wrong number of arguments, and what tracing throws.
  Results call(std::span<const Array> arguments) const;
  /// The array of a function with one output; allocates nothing else once the plan is there. Throws ValueError for
  /// another number of outputs.
  Array call_one(std::span<const Array> arguments) const;
  /// The same into arrays of the caller's, one per output and of its spec; allocates nothing once the plan is there.
  void call_into(std::span<const Array> arguments, std::span<const Array> results) const;

  bool defined() const { return state_ != nullptr; }
  /// Traces anew: the graph of a call with such arguments, for showing and testing.
  Outputs trace(const Specs& arguments) const;
  /// The same as the passes leave it, which is what a call runs.
  Outputs optimised(const Specs& arguments) const;
  /// The computation on tensors of the caller's, as part of what is being traced. Throws ValueError for a wrong number
  /// of arguments, or if functions inline each other more than 256 deep.
  Outputs inlined(std::span<const Tensor> arguments) const;
  /// Number of plans that are kept now.
  std::size_t cached_plans() const;
  /// What the planned steps are and how each is computed, a line each.
  std::string describe(const Specs& arguments) const;
  /// Runs the function `calls` times, with its updates, and tells what each planned step took (graph/plan/profile.h).
  ///
  ///     std::cout << step.profile({x, y}, 100);
  Profile profile(const std::vector<Array>& arguments, int calls = 10) const;
  /// One call as `call_into` makes it, timed.
  Profile profiled_call(std::span<const Array> arguments, std::span<const Array> results) const;
  /// The computation for such arguments as the passes leave it, a node a line (see graph/print.h).
  std::string to_string(const Specs& arguments) const;
  /// The same for Graphviz: `dot -Tsvg`.
  std::string to_dot(const Specs& arguments) const;

 private:
  template <class F, std::size_t... I>
  static constexpr bool takes(std::index_sequence<I...>) {
    return std::is_invocable_v<F&, std::conditional_t<(I >= 0), const Tensor&, void>...>;
  }
  template <class F, int N = 0>
  static constexpr int arity() {
    if constexpr (std::is_invocable_v<F&, std::span<const Tensor>>)
      return -1;
    else if constexpr (takes<F>(std::make_index_sequence<N>{}))
      return N;
    else if constexpr (N < 8)
      return arity<F, N + 1>();
    else {
      static_assert(N < 8, "a Function's callable takes up to eight `const Tensor&`, or one std::span<const Tensor>");
      return N;
    }
  }
  template <class F>
  static Callable wrap(F f) {
    if constexpr (std::is_invocable_v<F&, std::span<const Tensor>>) {
      return [f = std::move(f)](std::span<const Tensor> x) mutable -> Outputs { return f(x); };
    } else {
      return [f = std::move(f)](std::span<const Tensor> x) mutable -> Outputs {
        return [&]<std::size_t... I>(std::index_sequence<I...>)->Outputs { return f(x[I]...); }
        (std::make_index_sequence<arity<F>()>{});
      };
    }
  }
  std::shared_ptr<const Plan> plan_into(std::span<const Array> arguments, std::span<const Array> results) const;
  template <class F>
  auto show(const Specs& arguments, F&& use) const;

  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace cornu::graph

namespace cornu {
using graph::Function;
using graph::FunctionConfig;
using graph::Results;
}  // namespace cornu
