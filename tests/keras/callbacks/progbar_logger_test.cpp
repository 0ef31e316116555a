#include "cornu/keras/callbacks/progbar_logger.h"

#include <gmock/gmock.h>

#include <iostream>
#include <sstream>

#include "cornu/keras/callbacks/lambda_callback.h"
#include "tests/keras/callbacks/small_model.h"
#include "tests/support/captured_stream.h"

namespace cornu::keras::callbacks {
namespace {

const Array x = graph::ones({4, 1}), y = graph::ones({4, 1});

// Lines, without what depends on time.
std::vector<std::string> shown(const std::function<void(std::vector<Shared<Callback>>)>& run,
                               const std::vector<Shared<Callback>>& callbacks) {
  const cornu::tests::CapturedStream out(std::cout);
  run(callbacks);
  std::vector<std::string> lines;
  std::istringstream text(out.text());
  for (std::string line; std::getline(text, line);) lines.push_back(line.substr(0, line.find(" [")));
  return lines;
}

TEST(ProgbarLogger, ShowsARunOnceAtItsPlace) {
  auto model = keras::tests::small_model();
  const LambdaCallback says({.on_epoch_end = [](int, const Logs&) { std::cout << "said\n"; }});
  const auto fit = [&](const std::vector<Shared<Callback>>& callbacks) {
    model.fit(x, y, {.batch_size = 1, .epochs = 2, .callbacks = callbacks, .validation_data = {x, y}});
  };
  using testing::ElementsAre;
  EXPECT_THAT(shown(fit, {says}), ElementsAre("Epoch 1/2", "said", "4/4", "Epoch 2/2", "said", "4/4"));
  EXPECT_THAT(shown(fit, {ProgbarLogger(), says}), ElementsAre("Epoch 1/2", "4/4", "said", "Epoch 2/2", "4/4", "said"));
}

TEST(ProgbarLogger, ShowsEvaluationsAndIsSilentIfAsked) {
  auto model = keras::tests::small_model();
  const ProgbarLogger logger;
  EXPECT_THAT(shown([&](auto list) { model.evaluate(x, y, {.batch_size = 2, .callbacks = list}); }, {logger}),
              testing::ElementsAre("2/2"));
  EXPECT_THAT(shown([&](auto list) { model.predict(x, {.batch_size = 2, .verbose = 1, .callbacks = list}); }, {logger}),
              testing::ElementsAre("2/2"));
  EXPECT_THAT(shown([&](auto list) { model.fit(x, y, {.verbose = 0, .callbacks = list}); }, {logger}),
              testing::IsEmpty());
}

}  // namespace
}  // namespace cornu::keras::callbacks
