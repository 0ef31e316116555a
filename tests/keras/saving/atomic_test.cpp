// A file is the old or the new one, whatever happens.
#include <gmock/gmock.h>
#include <sys/resource.h>
#include <sys/wait.h>

#include <csignal>

#include "cornu/keras/models/network.h"
#include "tests/io/temporary_folder.h"
#include "tests/keras/expect_error.h"
#include "tests/keras/saving/small_models.h"

namespace cornu::keras {
namespace {

TEST(AtomicTest, AKilledProgramLeavesAWholeFile) {
  const tests::TemporaryFolder folder;
  auto model = tests::small_network();
  model.compile({.optimizer = "adam", .loss = "mse"});
  model.save(folder / "model.h5");
  for (int i = 0; i < 12; ++i) {
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      for (;;) model.save(folder / "model.h5");
    }
    ::usleep(static_cast<useconds_t>(3000 + 1700 * i));
    ::kill(child, SIGKILL);
    int status = 0;
    ::waitpid(child, &status, 0);
    ASSERT_TRUE(WIFSIGNALED(status));
    EXPECT_TRUE(tests::equal_bits(models::load_model(folder / "model.h5").get_weights(), model.get_weights()));
  }
}

TEST(AtomicTest, AFullDiskLeavesTheOldFile) {
  const tests::TemporaryFolder folder;
  const auto model = tests::small_network();
  model.save(folder / "model.h5");
  const std::string before = tests::read_text(folder / "model.h5");

  models::Sequential large({layers::Dense(300, {.input_shape = {300}})});
  struct rlimit old {
  }, small{};
  ASSERT_EQ(::getrlimit(RLIMIT_FSIZE, &old), 0);
  small = old, small.rlim_cur = 65536;
  const auto handler = std::signal(SIGXFSZ, SIG_IGN);
  ::setrlimit(RLIMIT_FSIZE, &small);
  const std::string text = tests::error_text<IoError>([&] { large.save(folder / "model.h5"); });
  ::setrlimit(RLIMIT_FSIZE, &old);
  std::signal(SIGXFSZ, handler);

  EXPECT_THAT(text, testing::HasSubstr((folder / "model.h5").string()));
  EXPECT_EQ(tests::read_text(folder / "model.h5"), before);
  EXPECT_EQ(std::distance(std::filesystem::directory_iterator(folder.path()), {}), 1) << "a file was left behind";
}

}  // namespace
}  // namespace cornu::keras
