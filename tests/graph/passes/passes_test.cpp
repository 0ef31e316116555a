#include "cornu/graph/passes/passes.h"

#include <gmock/gmock.h>

#include <cstdlib>
#include <thread>

#include "cornu/graph/function.h"
#include "cornu/graph/passes/pass.h"
#include "tests/graph/toy_ops.h"

namespace cornu::graph::passes {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using toy::axpy;

// The environment without and with the variable, put back at the end.
class Environment {
 public:
  explicit Environment(const char* value) {
    if (const char* old = std::getenv(kName)) before_ = old;
    value ? setenv(kName, value, 1) : unsetenv(kName);
  }
  ~Environment() { before_.empty() ? unsetenv(kName) : setenv(kName, before_.c_str(), 1); }

 private:
  static constexpr const char* kName = "CORNU_DISABLE_PASSES";
  std::string before_;
};

template <class F>
std::string error_of(F f) {
  try {
    f();
  } catch (const ValueError& e) {
    return e.what();
  }
  return "no ValueError";
}

Outputs two_equal_nodes(std::span<const Tensor> x) { return axpy(1, axpy(2, x[0], x[0]), axpy(2, x[0], x[0])); }
const Specs kSpec{{float32, {2}}};

std::size_t lines_with(const std::string& text, const std::string& word) {
  std::size_t n = 0;
  for (std::size_t at = text.find(word); at != std::string::npos; at = text.find(word, at + 1)) ++n;
  return n;
}

TEST(Passes, HaveNamesInTheOrderInWhichTheyRun) {
  EXPECT_THAT(names(), ElementsAre("common_subexpressions", "simplification", "constant_folding", "dead_nodes",
                                   "fusion", "layout", "scheduling", "in_place", "memory"));
}

TEST(Passes, AreOnUnlessTheEnvironmentNamesThem) {
  {
    const Environment none(nullptr);
    for (const std::string_view name : names()) EXPECT_TRUE(enabled(name)) << name;
  }
  {
    const Environment some("fusion, in_place,");
    for (const std::string_view name : names())
      EXPECT_EQ(enabled(name), name != "fusion" && name != "in_place") << name;
  }
  const Environment all("all");
  for (const std::string_view name : names()) EXPECT_FALSE(enabled(name)) << name;
}

TEST(Passes, AreOffInAScopeAndOnAfterIt) {
  const Environment none("memory");
  {
    const Disabled outer("fusion");
    {
      const Disabled inner("layout");
      EXPECT_FALSE(enabled("fusion"));
      EXPECT_FALSE(enabled("layout"));
      EXPECT_FALSE(enabled("memory"));
      EXPECT_TRUE(enabled("in_place"));
      std::thread([] { EXPECT_TRUE(enabled("fusion")); }).join();
    }
    EXPECT_FALSE(enabled("fusion"));
    EXPECT_TRUE(enabled("layout"));
  }
  EXPECT_TRUE(enabled("fusion"));
}

TEST(Passes, AnUnknownNameIsAnErrorWhereverItStands) {
  const char* known =
      "known: all, common_subexpressions, simplification, constant_folding, dead_nodes, fusion, layout, scheduling, "
      "in_place, memory";
  {
    const Environment wrong("fusion,fuson");
    EXPECT_EQ(error_of([] { enabled("fusion"); }),
              std::string("CORNU_DISABLE_PASSES: there is no pass named 'fuson'; ") + known);
    Function f(two_equal_nodes, 1, {});
    EXPECT_THAT(error_of([&] { f(Array{1.f, 2.f}); }), HasSubstr("there is no pass named 'fuson'"));
  }
  const Environment none(nullptr);
  EXPECT_THAT(error_of([] { enabled("inplace"); }), HasSubstr("there is no pass named 'inplace'"));
  EXPECT_THAT(error_of([] { Disabled("lowering"); }), HasSubstr("there is no pass named 'lowering'"));
  EXPECT_THAT(error_of([] { Disabled("everything"); }),
              HasSubstr("passes::Disabled: there is no pass named 'everything'"));
  EXPECT_THAT(error_of([] { Function(two_equal_nodes, 1, {.name = "step", .disable_passes = "none"}); }),
              HasSubstr("step: there is no pass named 'none'; known: all, "));
  EXPECT_THAT(error_of([] { register_rule("fusoin", "x", [](const Node&, const Users&) { return Tensors(); }); }),
              HasSubstr("there is no pass named 'fusoin'"));
}

TEST(Passes, AFunctionCompilesWithoutThem) {
  const Environment none(nullptr);
  const auto computed = [](const Function& f) { return lines_with(f.describe(kSpec), "toy_axpy"); };
  const Function with(two_equal_nodes, 1, {}), without(two_equal_nodes, 1, {.disable_passes = "common_subexpressions"});
  EXPECT_EQ(computed(with), 2u);
  EXPECT_EQ(computed(without), 3u);
  {
    const Disabled reference("all");
    EXPECT_EQ(computed(with), 3u);
    EXPECT_EQ(lines_with(with.to_string(kSpec), "toy_axpy"), 3u);
  }
  {
    const Environment all("all");
    EXPECT_EQ(computed(with), 3u);
  }
  EXPECT_EQ(computed(with), 2u);
  EXPECT_TRUE(array_equal(with(Array{1.f, 2.f}).one(), without(Array{1.f, 2.f}).one()));
}

TEST(Passes, EqualNodesAreMerged) {
  Variable w(Array{1.f}, "w");
  Function f([&](const Tensor& a) { return axpy(1, axpy(2, a, w), axpy(2, a, w)); });
  const Outputs traced = f.trace({{float32, {1}}});
  EXPECT_EQ(reachable(traced).size(), 6u);  // w is read twice
  EXPECT_EQ(reachable(optimise(traced)).size(), 4u);
}

}  // namespace
}  // namespace cornu::graph::passes
