// Each op as a planned Function against the bare oneDNN primitive of the same shape and threads: `bench_ops
// --benchmark_filter=matmul`. Each name holds cornu or onednn (or loop, where there is no primitive), so that a ratio
// can be read.
#include <benchmark/benchmark.h>
#include <cornu/cornu.h>

#include <cmath>
#include <oneapi/dnnl/dnnl.hpp>
#include <unordered_map>

using namespace cornu;

namespace {

using Arguments = std::unordered_map<int, dnnl::memory>;
using Dims = dnnl::memory::dims;
using Size = std::vector<std::int64_t>;

dnnl::engine& engine() {
  static dnnl::engine one(dnnl::engine::kind::cpu, 0);
  return one;
}

Dims dims(const Shape& shape) { return Dims(shape.begin(), shape.end()); }

dnnl::memory::desc desc(const Shape& shape) {
  Dims strides(shape.size(), 1);
  for (int i = shape.rank() - 2; i >= 0; --i) strides[i] = strides[i + 1] * shape[i + 1];
  return {dims(shape), dnnl::memory::data_type::f32, strides};
}

/// A matrix that is stored transposed.
dnnl::memory::desc transposed(const Shape& shape) {
  return {dims(shape), dnnl::memory::data_type::f32, Dims{1, shape[0]}};
}

dnnl::memory memory(const Array& array, const Shape& seen_as = Shape::unset()) {
  return {desc(seen_as.is_set() ? seen_as : array.shape()), engine(), array.bytes()};
}

// oneDNN 3 has no operation descriptors any more.
template <class Primitive, class... A>
Primitive primitive(const A&... arguments) {
#if DNNL_VERSION_MAJOR >= 3
  return Primitive(typename Primitive::primitive_desc(engine(), arguments...));
#else
  return Primitive(typename Primitive::primitive_desc(typename Primitive::desc(arguments...), engine()));
#endif
}

void run_onednn(benchmark::State& state, const dnnl::primitive& made,
                const Arguments& arguments) {  // whose arrays the caller holds
  dnnl::stream stream(engine());
  for (auto _ : state) made.execute(stream, arguments);
  stream.wait();
}

void run_cornu(benchmark::State& state, const Function& function, const std::vector<Array>& inputs) {
  const std::vector<Array> results = function.call(inputs).arrays();
  for (auto _ : state) function.call_into(inputs, results);
}

Array random_array(const Shape& shape) { return random::Generator(1).uniform(shape, -1, 1); }

// What a layer runs, forwards and backwards: a product with bias and perhaps ReLU, and with either side transposed.
struct Product {
  bool transpose_a = false, transpose_b = false, bias = false, relu = false;
};

template <Product kind>
void matmul(benchmark::State& state, const Size& size, bool bare) {
  const std::int64_t m = size[0], k = size[1], n = size[2];
  const Shape a_shape{m, k}, b_shape{k, n}, y_shape{m, n}, row{1, n};
  const Array a = random_array(kind.transpose_a ? Shape{k, m} : a_shape),
              b = random_array(kind.transpose_b ? Shape{n, k} : b_shape), bias = random_array({n}), y = empty(y_shape);
  if (bare) {
    const auto src = kind.transpose_a ? transposed(a_shape) : desc(a_shape),
               weights = kind.transpose_b ? transposed(b_shape) : desc(b_shape);
    dnnl::primitive_attr attributes;
    dnnl::post_ops post_ops;
#if DNNL_VERSION_MAJOR >= 3
    if (kind.relu) post_ops.append_eltwise(dnnl::algorithm::eltwise_relu, 0.f, 0.f);
    attributes.set_post_ops(post_ops);
    const auto with = kind.bias ? desc(row) : dnnl::memory::desc();
    const dnnl::matmul made(dnnl::matmul::primitive_desc(engine(), src, weights, with, desc(y_shape), attributes));
#else
    if (kind.relu) post_ops.append_eltwise(1.f, dnnl::algorithm::eltwise_relu, 0.f, 0.f);
    attributes.set_post_ops(post_ops);
    const auto described = kind.bias ? dnnl::matmul::desc(src, weights, desc(row), desc(y_shape))
                                     : dnnl::matmul::desc(src, weights, desc(y_shape));
    const dnnl::matmul made(dnnl::matmul::primitive_desc(described, attributes, engine()));
#endif
    Arguments arguments{{DNNL_ARG_SRC, dnnl::memory(src, engine(), a.bytes())},
                        {DNNL_ARG_WEIGHTS, dnnl::memory(weights, engine(), b.bytes())},
                        {DNNL_ARG_DST, memory(y)}};
    if (kind.bias) arguments[DNNL_ARG_BIAS] = memory(bias, row);
    run_onednn(state, made, arguments);
  } else {
    run_cornu(state, Function([](const Tensor& x, const Tensor& w, const Tensor& v) {
                Tensor t = ops::matmul(x, w, {.transpose_a = kind.transpose_a, .transpose_b = kind.transpose_b});
                if (kind.bias) t = t + v;
                return kind.relu ? ops::relu(t) : t;
              }),
              {a, b, bias});
  }
  state.counters["GFLOP/s"] =
      benchmark::Counter(2e-9 * static_cast<double>(m * k * n), benchmark::Counter::kIsIterationInvariantRate);
}

// RMSprop's update of a network's variables, 784-512-512-10; in the other way a loop over the numbers of each.
void update(benchmark::State& state, const Size& size, bool bare) {
  std::vector<Variable> weights, slots;
  std::vector<Array> gradients;
  for (std::size_t i = 0; i + 1 < size.size(); ++i)
    for (const Shape& shape : {Shape{size[i], size[i + 1]}, Shape{size[i + 1]}}) {
      weights.emplace_back(random_array(shape));
      slots.emplace_back(ones(shape));
      gradients.push_back(random_array(shape));
    }
  constexpr float kRate = 1e-3f, kRho = 0.9f, kEpsilon = 1e-7f;
  if (!bare)
    return run_cornu(
        state, Function([&](std::span<const Tensor> g) {
          Outputs outputs;
          for (std::size_t i = 0; i < g.size(); ++i) {
            const Tensor v = Tensor(slots[i]) * kRho + ops::square(g[i]) * (1 - kRho);
            outputs.update(slots[i], v).update(weights[i], Tensor(weights[i]) - g[i] * kRate / ops::sqrt(v + kEpsilon));
          }
          return outputs;
        }),
        gradients);
  for (auto _ : state)
    for (std::size_t i = 0; i < weights.size(); ++i) {
      auto *w = static_cast<float*>(weights[i].data()), *v = static_cast<float*>(slots[i].data());
      const float* g = gradients[i].data<float>();
      const std::int64_t n = gradients[i].size();
#pragma omp parallel for simd
      for (std::int64_t k = 0; k < n; ++k) {
        v[k] = v[k] * kRho + g[k] * g[k] * (1 - kRho);
        w[k] -= g[k] * kRate / std::sqrt(v[k] + kEpsilon);
      }
    }
}

void eltwise(benchmark::State& state, const Size& size, bool bare, dnnl::algorithm algorithm,
             Tensor (*op)(const Tensor&)) {
  const Array x = random_array(Shape(size)), y = empty(x.shape());
  if (bare) {
#if DNNL_VERSION_MAJOR >= 3
    const auto made = primitive<dnnl::eltwise_forward>(dnnl::prop_kind::forward_inference, algorithm, desc(x.shape()),
                                                       desc(x.shape()), 0.f, 0.f);
#else
    const auto made =
        primitive<dnnl::eltwise_forward>(dnnl::prop_kind::forward_inference, algorithm, desc(x.shape()), 0.f, 0.f);
#endif
    run_onednn(state, made, {{DNNL_ARG_SRC, memory(x)}, {DNNL_ARG_DST, memory(y)}});
  } else {
    run_cornu(state, Function([op](const Tensor& t) { return op(t); }), {x});
  }
  state.SetBytesProcessed(static_cast<std::int64_t>(state.iterations()) * 2 * static_cast<std::int64_t>(x.nbytes()));
}
void relu(benchmark::State& state, const Size& size, bool bare) {
  eltwise(state, size, bare, dnnl::algorithm::eltwise_relu, [](const Tensor& t) { return ops::relu(t); });
}
void exp(benchmark::State& state, const Size& size, bool bare) {
  eltwise(state, size, bare, dnnl::algorithm::eltwise_exp, [](const Tensor& t) { return ops::exp(t); });
}

void softmax(benchmark::State& state, const Size& size, bool bare) {
  const Array x = random_array(Shape(size)), y = empty(x.shape());
  if (bare) {
#if DNNL_VERSION_MAJOR >= 3
    const auto made = primitive<dnnl::softmax_forward>(
        dnnl::prop_kind::forward_inference, dnnl::algorithm::softmax_accurate, desc(x.shape()), desc(x.shape()), 1);
#else
    const auto made = primitive<dnnl::softmax_forward>(dnnl::prop_kind::forward_inference, desc(x.shape()), 1);
#endif
    run_onednn(state, made, {{DNNL_ARG_SRC, memory(x)}, {DNNL_ARG_DST, memory(y)}});
  } else {
    run_cornu(state, Function([](const Tensor& t) { return ops::softmax(t); }), {x});
  }
}

// The second operand is a row, as a bias is.
void add(benchmark::State& state, const Size& size, bool bare) {
  const Array a = random_array(Shape(size)), b = random_array({1, size[1]}), c = empty(a.shape());
  if (bare) {
    run_onednn(state,
               primitive<dnnl::binary>(dnnl::algorithm::binary_add, desc(a.shape()), desc(b.shape()), desc(a.shape())),
               {{DNNL_ARG_SRC_0, memory(a)}, {DNNL_ARG_SRC_1, memory(b)}, {DNNL_ARG_DST, memory(c)}});
  } else {
    run_cornu(state, Function([](const Tensor& x, const Tensor& y) { return x + y; }), {a, b});
  }
}

// Over rows, as a bias' gradient is.
void sum(benchmark::State& state, const Size& size, bool bare) {
  const Shape row{1, size[1]};
  const Array x = random_array(Shape(size)), y = empty(row);
  if (bare) {
    run_onednn(state, primitive<dnnl::reduction>(dnnl::algorithm::reduction_sum, desc(x.shape()), desc(row), 0.f, 0.f),
               {{DNNL_ARG_SRC, memory(x)}, {DNNL_ARG_DST, memory(y)}});
  } else {
    run_cornu(state, Function([](const Tensor& t) { return ops::sum(t, 0); }), {x});
  }
}

void in_both_ways(const char* name, void (*op)(benchmark::State&, const Size&, bool), const std::vector<Size>& sizes,
                  const char* other = "/onednn") {
  for (const Size& size : sizes) {
    std::string text = name;
    for (std::size_t i = 0; i < size.size(); ++i) text += (i == 0 ? '/' : 'x') + std::to_string(size[i]);
    for (const bool bare : {false, true})
      benchmark::RegisterBenchmark((text + (bare ? other : "/cornu")).c_str(),
                                   [op, size, bare](benchmark::State& state) { op(state, size, bare); })
          ->UseRealTime()
          ->Unit(benchmark::kMicrosecond);
  }
}

const bool registered = [] {
  in_both_ways("matmul", matmul<Product{.bias = true}>,
               {{4, 2, 8}, {1, 784, 512}, {32, 784, 512}, {256, 784, 512}, {256, 512, 10}, {512, 512, 512}});
  in_both_ways("matmul_relu", matmul<Product{.bias = true, .relu = true}>,
               {{1, 784, 512}, {32, 784, 512}, {256, 784, 512}, {256, 512, 512}});
  in_both_ways("matmul_of_transposed", matmul<Product{.transpose_a = true}>,
               {{784, 32, 512}, {784, 256, 512}, {512, 256, 512}, {512, 256, 10}});
  in_both_ways("matmul_by_transposed", matmul<Product{.transpose_b = true}>,
               {{32, 512, 512}, {256, 512, 512}, {256, 10, 512}});
  in_both_ways("update", update, {{784, 512, 512, 10}}, "/loop");
  in_both_ways("relu", relu, {{4, 8}, {256, 512}, {2048, 2048}});
  in_both_ways("exp", exp, {{4, 8}, {256, 512}, {2048, 2048}});
  in_both_ways("softmax", softmax, {{4, 10}, {256, 10}, {256, 1000}});
  in_both_ways("add", add, {{4, 8}, {256, 512}, {2048, 2048}});
  in_both_ways("sum", sum, {{4, 8}, {256, 512}, {2048, 2048}});
  return true;
}();

}  // namespace
