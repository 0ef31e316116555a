#include "cornu/keras/registry.h"

#include <gmock/gmock.h>

#include "tests/keras/expect_error.h"

namespace cornu::keras {
namespace {

using tests::error_text;

struct Shade : Object {
  int depth = 1;
  void fields(ConfigVisitor& v) override { v("depth", depth); }
};
struct Blue : Shade {};

TEST(RegistryTest, FindsClassesByNameAndAlias) {
  Registry<Shade> registry("shade");
  registry.add<Blue>("Blue", {"blue", "azure"});
  EXPECT_TRUE(registry.contains("azure"));
  EXPECT_FALSE(registry.contains("Azure"));
  EXPECT_EQ(registry.find("blue").class_name, "Blue");
  EXPECT_NE(std::dynamic_pointer_cast<Blue>(registry.make("Blue")), nullptr);
  EXPECT_THAT(registry.class_names(), testing::ElementsAre("Blue"));
}

TEST(RegistryTest, AnUnknownNameIsReportedWithTheKnownOnes) {
  Registry<Shade> registry("shade");
  registry.add<Blue>("Blue", {"blue"});
  EXPECT_EQ(error_text<ValueError>([&] { registry.make("red"); }), "unknown shade 'red'; known: Blue, blue");
}

TEST(RegistryTest, ANameIsTakenOnce) {
  Registry<Shade> registry("shade");
  registry.add<Blue>("Blue", {"blue"});
  EXPECT_EQ(error_text<ValueError>([&] { registry.add<Shade>("Blue"); }), "a shade named 'Blue' is already registered");
  EXPECT_EQ(error_text<ValueError>([&] { registry.add<Shade>("Navy", {"blue"}); }),
            "a shade named 'blue' is already registered");
  EXPECT_FALSE(registry.contains("Navy"));
}

}  // namespace
}  // namespace cornu::keras
