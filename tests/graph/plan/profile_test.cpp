#include "cornu/graph/plan/profile.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <filesystem>
#include <fstream>
#include <sstream>

#include "cornu/graph/function.h"
#include "cornu/graph/internal/node_names.h"
#include "cornu/graph/variable.h"
#include "tests/graph/toy_ops.h"

namespace cornu::graph {
namespace {

using testing::HasSubstr;

Function two_steps(int threads = 2) {
  return Function(
      [](const Tensor& x) {
        const NameScope scope("layer \"a\"");
        return toy::axpy(2, toy::reverse(x), x);
      },
      {.threads = threads});
}

TEST(Profile, HasAnEntryForEachStep) {
  const auto profile = two_steps().profile({ones({1000})}, 5);
  EXPECT_EQ(profile.calls(), 5);
  const auto entries = profile.entries();
  ASSERT_EQ(entries.size(), 2u);
  EXPECT_EQ(entries[0].op, "toy_reverse");
  EXPECT_EQ(entries[0].scope, "layer \"a\"");
  EXPECT_EQ(entries[0].implementation, "native");
  EXPECT_EQ(entries[0].bytes, 8000u);
  EXPECT_EQ(entries[1].bytes, 12000u);
  for (const auto& e : entries) EXPECT_GT(e.seconds, 0) << e.op;
  EXPECT_GE(profile.seconds(), entries[0].seconds);
  EXPECT_THAT(profile.to_string(), HasSubstr("5 calls"));
  EXPECT_THAT(profile.to_string(), HasSubstr("layer \"a\"/toy_reverse [native]"));
}

TEST(Profile, NamesAreThoseOfTheOptimisedComputation) {
  const Function f([](const Tensor& x) {
    const NameScope scope("twice");
    return toy::reverse(toy::axpy(3, toy::reverse(toy::axpy(2, x, x)), x));
  });
  const auto names = node_names(f.optimised({{float32, {10}}}));
  const auto profile = f.profile({ones({10})}, 2);
  const auto entries = profile.entries();
  ASSERT_EQ(entries.size(), 4u);
  for (const auto& e : entries) {
    EXPECT_TRUE(std::any_of(names.begin(), names.end(), [&](const auto& named) { return named.second == e.name; }))
        << e.name;
    EXPECT_EQ(e.outputs, (Specs{{float32, {10}}}));
  }
  EXPECT_EQ(entries[3].name, "twice/toy_reverse_1");
  EXPECT_GT(entries[3].begin, entries[0].begin);
  EXPECT_GT(profile.last_call(), 1e9);
}

TEST(Profile, UpdatesAreMade) {
  Variable w(zeros({2}), "w");
  const Function f([&](const Tensor& x) { return Outputs(x).update(w, toy::axpy(1, Tensor(w), x)); });
  f.profile({ones({2})}, 3);
  EXPECT_EQ(w.value().span<float>()[0], 4.f) << "three calls, and the first that makes the plan";
}

TEST(Profile, WritesATraceThatChromeReads) {
  const auto path = std::filesystem::temp_directory_path() / "cornu_profile_test.json";
  two_steps().profile({ones({10})}, 2).write_chrome_trace(path.string());
  std::stringstream text;
  text << std::ifstream(path).rdbuf();
  std::filesystem::remove(path);
  EXPECT_THAT(text.str(), HasSubstr(R"("name": "layer \"a\"/toy_reverse", "cat": "toy_reverse", "ph": "X")"));
  int events = 0;
  for (std::size_t at = text.str().find("\"ph\": \"X\""); at != std::string::npos;
       at = text.str().find("\"ph\": \"X\"", at + 1))
    ++events;
  EXPECT_EQ(events, 4) << "two steps of two calls";
  EXPECT_THAT(text.str(), HasSubstr("]}\n"));
}

TEST(Profile, Errors) {
  EXPECT_THROW(two_steps().profile({ones({2})}, 0), ValueError);
  EXPECT_THROW(two_steps().profile({ones({2})}, 1).write_chrome_trace("/no/such/folder/trace.json"), IoError);
}

}  // namespace
}  // namespace cornu::graph
