#include "cornu/ops/internal/elementwise_loop.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <limits>
#include <random>

#include "cornu/graph/array/array.h"
#include "cornu/graph/check.h"

namespace cornu::ops::internal {
namespace {

using graph::Array;
using graph::DType;
using Code = Expression::Code;

constexpr float kInf = std::numeric_limits<float>::infinity(), kNaN = std::numeric_limits<float>::quiet_NaN();

/// One place, one step after the other.
std::vector<float> by_hand(const Expression& e, const std::vector<float>& in) {
  std::vector<float> v(e.steps.size()), out;
  for (std::size_t i = 0; i < e.steps.size(); ++i) {
    const Expression::Step& s = e.steps[i];
    const auto at = [&](int k) { return k >= 0 && s.code != Code::input ? v[static_cast<std::size_t>(k)] : 0.f; };
    v[i] = s.code == Code::input ? in[static_cast<std::size_t>(s.a)] : evaluate(s, at(s.a), at(s.b), at(s.c), at(s.d));
  }
  for (const int output : e.outputs) out.push_back(v[static_cast<std::size_t>(output)]);
  return out;
}

bool same(float a, float b) {
  return std::bit_cast<std::uint32_t>(a) == std::bit_cast<std::uint32_t>(b) || (a != a && b != b);
}

/// The processor's rounding to bfloat16 makes denormal numbers 0, and what follows from that differs.
bool meets_denormal(const Expression& e, const std::vector<float>& in) {
  Expression all = e;
  all.outputs.clear();
  for (std::size_t i = 0; i < e.steps.size(); ++i)
    if (e.steps[i].code == Code::round_bfloat16) all.outputs.push_back(e.steps[i].a);
  const std::vector<float> rounded = by_hand(all, in);
  return std::any_of(rounded.begin(), rounded.end(), [](float x) { return std::fpclassify(x) == FP_SUBNORMAL; });
}

/// Steps of all kinds on earlier ones.
Expression random_expression(std::mt19937& rng, int inputs, int steps, int outputs) {
  const auto pick = [&](int n) { return static_cast<int>(rng() % static_cast<unsigned>(n)); };
  Expression e(inputs);
  for (int i = 0; i < steps; ++i) {
    const auto any = [&] {
      return pick(4) == 0 ? e.constant(static_cast<float>(pick(9) - 4) * 0.75f)
                          : pick(static_cast<int>(e.steps.size()));
    };
    Expression::Step s;
    s.code = static_cast<Code>(2 + pick(14));
    s.comparison = static_cast<Expression::Comparison>(pick(6));
    s.a = any();
    if (e.operands(s) > 1) s.b = any();
    if (e.operands(s) > 2) s.c = any();
    if (e.operands(s) > 3) s.d = any();
    if (s.code == Code::ldexp) s.b = e.constant(static_cast<float>(pick(9) - 4));
    if (s.code != Code::select) s.comparison = Expression::Comparison::equal;
    e.add(s);
  }
  for (int i = 0; i < outputs; ++i) e.outputs.push_back(pick(static_cast<int>(e.steps.size())));
  e.prune();
  return e;
}

TEST(ElementwiseLoop, EveryLoopGivesTheBitsOfOneStepAfterTheOther) {
  std::mt19937 rng(7);
  const float special[] = {0.f, -0.f, 1.f, -1.f, 0.5f, 2.5f, -2.5f, kInf, -kInf, kNaN, 1e-30f, 3e38f, -7.25f};
  for (int trial = 0; trial < 300; ++trial) {
    const int inputs = 1 + trial % 5, outputs = 1 + trial % 3;
    const Expression e = random_expression(rng, inputs, 1 + trial % 24, outputs);
    std::vector<LoopOperand> operands;
    for (int i = 0; i < inputs; ++i) operands.push_back({graph::float32, rng() % 4 != 0});
    const std::vector<LoopResult> results(static_cast<std::size_t>(outputs), graph::float32);
    for (const std::int64_t n : {1, 7, 16, 31, 300}) {
      std::vector<std::vector<float>> x(static_cast<std::size_t>(inputs),
                                        std::vector<float>(static_cast<std::size_t>(n)));
      for (auto& column : x)
        for (float& value : column)
          value = rng() % 3 ? static_cast<float>(rng() % 2000) * 0.01f - 10 : special[rng() % std::size(special)];
      for (const auto& loop : {compile(e, operands, results), interpreted(e, operands, results)}) {
        std::vector<std::vector<float>> y(static_cast<std::size_t>(outputs),
                                          std::vector<float>(static_cast<std::size_t>(n) + 1, 42.f));
        std::vector<const void*> in;
        std::vector<void*> out;
        for (auto& column : x) in.push_back(column.data());
        for (auto& column : y) out.push_back(column.data());
        loop->run(in.data(), out.data(), n);
        for (std::int64_t i = 0; i < n; ++i) {
          std::vector<float> place;
          for (int k = 0; k < inputs; ++k)
            place.push_back(x[static_cast<std::size_t>(k)]
                             [operands[static_cast<std::size_t>(k)].moves ? static_cast<std::size_t>(i) : 0]);
          if (meets_denormal(e, place)) continue;
          const auto want = by_hand(e, place);
          for (std::size_t k = 0; k < want.size(); ++k)
            ASSERT_TRUE(same(y[k][static_cast<std::size_t>(i)], want[k]))
                << loop->implementation() << ": " << to_string(e) << "\n place " << i << " of " << n << ", output " << k
                << ": " << y[k][static_cast<std::size_t>(i)] << ", expected " << want[k];
        }
        for (const auto& column : y) ASSERT_EQ(column.back(), 42.f) << "wrote behind the end";
      }
    }
  }
}

TEST(ElementwiseLoop, OutputsMayLieWhereInputsDo) {
  // w' = w - v', v' = v + g: both in place.
  Expression e(3);
  const Value w{&e, 0}, v{&e, 1}, g{&e, 2};
  const Value next = v + g;
  e.outputs = {(w - next).step, next.step};
  for (const auto& loop : {compile(e, {{}, {}, {}}, {graph::float32, graph::float32}),
                           interpreted(e, {{}, {}, {}}, {graph::float32, graph::float32})}) {
    std::vector<float> weights(37, 10.f), slot(37, 1.f), gradient(37);
    for (std::size_t i = 0; i < 37; ++i) gradient[i] = static_cast<float>(i);
    const void* in[] = {weights.data(), slot.data(), gradient.data()};
    void* out[] = {weights.data(), slot.data()};
    loop->run(in, out, 37);
    for (std::size_t i = 0; i < 37; ++i) {
      EXPECT_EQ(slot[i], 1.f + static_cast<float>(i)) << loop->implementation();
      EXPECT_EQ(weights[i], 9.f - static_cast<float>(i)) << loop->implementation();
    }
  }
}

TEST(ElementwiseLoop, ReadsAndWritesBFloat16) {
  Expression e(2);
  e.outputs = {(Value{&e, 0} * Value{&e, 1}).step};
  const Array x = Array{1.f, 2.f, 3.f, -0.1f, 1e30f, 0.f, 7.7f, 8.f, 9.f}.astype(graph::bfloat16),
              y = Array{1.f, 0.3f, 1.f / 3, 3.f, 1e30f, 1.f, 1.f, 1.f, 1.01f};
  const Array want = (x.astype(graph::float32) * y).astype(graph::bfloat16);
  for (const auto& loop : {compile(e, {{graph::bfloat16}, {}}, {graph::bfloat16}),
                           interpreted(e, {{graph::bfloat16}, {}}, {graph::bfloat16})}) {
    Array got(x.shape(), graph::bfloat16);
    const void* in[] = {x.bytes(), y.bytes()};
    void* out[] = {got.bytes()};
    loop->run(in, out, x.size());
    EXPECT_TRUE(array_equal(got.astype(graph::float32), want.astype(graph::float32)))
        << loop->implementation() << got.astype(graph::float32);
  }
}

// Ties, numbers that round up to infinity, infinities and NaN, in every place of a vector.
TEST(ElementwiseLoop, RoundsToBFloat16AsTheConversionDoes) {
  const float signalling = std::bit_cast<float>(0x7f800001u);
  const std::vector<float> special{0.f,
                                   -0.f,
                                   1.f,
                                   std::bit_cast<float>(0x3f808000u),
                                   std::bit_cast<float>(0x3f818000u),
                                   3e38f,
                                   kInf,
                                   -kInf,
                                   std::bit_cast<float>(0x7f7fffffu),
                                   std::bit_cast<float>(0xff7fffffu),
                                   kNaN,
                                   -kNaN,
                                   std::bit_cast<float>(0x7fffffffu),
                                   signalling,
                                   1e-30f,
                                   -1.00390625f,
                                   std::bit_cast<float>(0x3f807fffu)};
  std::vector<float> x;
  for (int i = 0; i < 20; ++i) x.insert(x.end(), special.begin(), special.end());
  Expression rounded(1), stored(1);
  rounded.outputs = {round_bfloat16(Value{&rounded, 0}).step};
  stored.outputs = {0};
  const auto n = static_cast<std::int64_t>(x.size());
  for (const auto& [round, store] :
       {std::pair{compile(rounded, {{}}, {graph::float32}), compile(stored, {{}}, {graph::bfloat16})},
        std::pair{interpreted(rounded, {{}}, {graph::float32}), interpreted(stored, {{}}, {graph::bfloat16})}}) {
    std::vector<float> y(x.size());
    std::vector<graph::BFloat16> z(x.size());
    const void* in[] = {x.data()};
    void *to_y[] = {y.data()}, *to_z[] = {z.data()};
    round->run(in, to_y, n);
    store->run(in, to_z, n);
    for (std::size_t i = 0; i < x.size(); ++i) {
      const graph::BFloat16 want(x[i]);
      EXPECT_TRUE(same(y[i], static_cast<float>(want))) << round->implementation() << ": " << x[i] << " gave " << y[i];
      EXPECT_EQ(z[i].bits, want.bits) << store->implementation() << ": " << x[i];
    }
  }
}

TEST(ElementwiseLoop, EqualOnesAreShared) {
  Expression e(1);
  e.outputs = {(Value{&e, 0} + 1.f).step};
  const auto one = compile(e, {{}}, {graph::float32}), two = compile(e, {{}}, {graph::float32});
  EXPECT_EQ(one, two);
  EXPECT_NE(one, compile(e, {{graph::float32, false}}, {graph::float32}));
}

TEST(ElementwiseLoop, MoreLiveValuesThanRegistersAreComputedInTiles) {
  Expression e(1);
  std::vector<Value> values;
  for (int i = 0; i < 40; ++i) values.push_back(sqrt(Value{&e, 0} + static_cast<float>(i)));
  Value sum = values[39];
  for (int i = 38; i >= 0; --i)
    sum = sum + values[static_cast<std::size_t>(i)] * values[static_cast<std::size_t>(38 - i)];
  e.outputs = {sum.step};
  const auto loop = compile(e, {{}}, {graph::float32});
  EXPECT_EQ(loop->implementation(), "tiles");
  std::vector<float> x(1000), y(1000);
  for (std::size_t i = 0; i < x.size(); ++i) x[i] = static_cast<float>(i);
  const void* in[] = {x.data()};
  void* out[] = {y.data()};
  loop->run(in, out, 1000);
  for (std::size_t i = 0; i < x.size(); ++i) ASSERT_EQ(y[i], by_hand(e, {x[i]})[0]);
}

TEST(Expression, ConstantsAreFoldedAndEqualStepsMadeOne) {
  Expression e(1);
  const Value x{&e, 0};
  EXPECT_EQ((x + 1.f).step, (x + 1.f).step);
  EXPECT_EQ((number(x, 2.f) * number(x, 3.f)).step, number(x, 6.f).step);
  EXPECT_NE(number(x, 0.f).step, number(x, -0.f).step);
  e.outputs = {(x * 0.1f + 1.f).step};
  e.prune();
  EXPECT_EQ(to_string(e), "v3 = multiply x0 0.1; v4 = add v3 1; -> v4");
}

TEST(Expression, AFormulaMeansTheSameOnFloats) {
  const auto formula = [](auto x, auto y) { return where(x > 0.f, abs(y) / (x + 2.f), floor(-y) - round(x)); };
  Expression e(2);
  e.outputs = {formula(Value{&e, 0}, Value{&e, 1}).step};
  for (const float x : {-2.5f, 0.f, 1.5f, kNaN})
    for (const float y : {-1.25f, 3.5f}) EXPECT_TRUE(same(by_hand(e, {x, y})[0], formula(x, y))) << x << ' ' << y;
}

}  // namespace
}  // namespace cornu::ops::internal
