#include "cornu/graph/read_scope.h"

#include <gtest/gtest.h>

#include <thread>

#include "cornu/graph/leaf.h"

namespace cornu::graph {
namespace {

Tensor replaced(const Tensor&) { return constant(7, int32); }

TEST(ReadScopeTest, ConvertsWhatIsReadOfVariables) {
  const Variable v(ones({2}), "v");
  EXPECT_NE(as<ReadVariable>(Tensor(v)), nullptr);
  {
    const ReadScope scope(replaced);
    EXPECT_EQ(Tensor(v).spec(), (Spec{int32, {}}));
    EXPECT_EQ(Tensor(ones({2})).spec(), (Spec{float32, {2}})) << "constants are not read";
    {
      const ReadScope none({});
      EXPECT_EQ(Tensor(v).spec(), v.spec());
      EXPECT_EQ(ReadScope::converted(Tensor(v)).spec(), v.spec());
    }
    EXPECT_EQ(ReadScope::converted(constant(1, float32)).dtype(), int32);
    std::thread([&] { EXPECT_EQ(Tensor(v).spec(), v.spec()) << "another thread"; }).join();
  }
  EXPECT_EQ(Tensor(v).spec(), v.spec());
}

TEST(ReadScopeTest, EndsWithAnException) {
  const Variable v(ones({2}), "v");
  try {
    const ReadScope scope([](const Tensor&) -> Tensor { throw ValueError("no"); });
    Tensor{v};
    FAIL();
  } catch (const ValueError&) {
  }
  EXPECT_EQ(Tensor(v).spec(), v.spec());
}

}  // namespace
}  // namespace cornu::graph
