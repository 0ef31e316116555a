// Each op as a planned Function against the bare oneDNN primitive of the same shape and threads: `bench_ops
// --benchmark_filter=matmul`. Each name holds cornu or onednn, so that a ratio can be read.
#include <benchmark/benchmark.h>
#include <cornu/cornu.h>

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

void matmul(benchmark::State& state, const Size& size, bool bare) {
  const std::int64_t m = size[0], k = size[1], n = size[2];
  const Array a = random_array({m, k}), b = random_array({k, n}), bias = random_array({n}), c = empty({m, n});
  if (bare) {
    const dnnl::memory::desc bias_desc({1, n}, dnnl::memory::data_type::f32, Dims{n, 1});
    run_onednn(state, primitive<dnnl::matmul>(desc(a.shape()), desc(b.shape()), bias_desc, desc({m, n})),
               {{DNNL_ARG_SRC, memory(a)},
                {DNNL_ARG_WEIGHTS, memory(b)},
                {DNNL_ARG_BIAS, memory(bias, {1, n})},
                {DNNL_ARG_DST, memory(c)}});
  } else {
    run_cornu(state, Function([](const Tensor& x, const Tensor& w, const Tensor& v) { return ops::matmul(x, w) + v; }),
              {a, b, bias});
  }
  state.counters["GFLOP/s"] =
      benchmark::Counter(2e-9 * static_cast<double>(m * k * n), benchmark::Counter::kIsIterationInvariantRate);
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

void in_both_ways(const char* name, void (*op)(benchmark::State&, const Size&, bool), const std::vector<Size>& sizes) {
  for (const Size& size : sizes) {
    std::string text = name;
    for (std::size_t i = 0; i < size.size(); ++i) text += (i == 0 ? '/' : 'x') + std::to_string(size[i]);
    for (const bool bare : {false, true})
      benchmark::RegisterBenchmark((text + (bare ? "/onednn" : "/cornu")).c_str(),
                                   [op, size, bare](benchmark::State& state) { op(state, size, bare); })
          ->UseRealTime()
          ->Unit(benchmark::kMicrosecond);
  }
}

const bool registered = [] {
  in_both_ways("matmul", matmul,
               {{4, 2, 8}, {1, 784, 512}, {32, 784, 512}, {256, 784, 512}, {256, 512, 10}, {512, 512, 512}});
  in_both_ways("relu", relu, {{4, 8}, {256, 512}, {2048, 2048}});
  in_both_ways("exp", exp, {{4, 8}, {256, 512}, {2048, 2048}});
  in_both_ways("softmax", softmax, {{4, 10}, {256, 10}, {256, 1000}});
  in_both_ways("add", add, {{4, 8}, {256, 512}, {2048, 2048}});
  in_both_ways("sum", sum, {{4, 8}, {256, 512}, {2048, 2048}});
  return true;
}();

}  // namespace
