// Which optimizers' updates of a table, of which a batch reads some rows, are computed for those rows alone.

#include <gmock/gmock.h>

#include "cornu/autodiff/gradients.h"
#include "cornu/graph/leaf.h"
#include "cornu/graph/passes/pass.h"
#include "cornu/graph/passes/passes.h"
#include "cornu/graph/print.h"
#include "cornu/keras/layers/core/dense.h"
#include "cornu/keras/layers/core/embedding.h"
#include "cornu/keras/layers/reshaping/flatten.h"
#include "cornu/keras/models/sequential.h"
#include "cornu/keras/optimizers/adam.h"
#include "cornu/keras/optimizers/sgd.h"
#include "cornu/ops/binary.h"
#include "cornu/ops/native/gather.h"
#include "cornu/ops/reduction.h"
#include "tests/keras/layers/call_layer.h"

namespace cornu::keras::optimizers {
namespace {

bool by_rows(const Shared<Optimizer>& optimizer) {
  const Variable table(graph::zeros({100, 4}), "table");
  const Tensor indices = graph::parameter(0, {graph::int32, {3, 2}});
  const Tensor loss = ops::sum(ops::take(table, indices));
  Context ctx(true);
  optimizer->apply({{autodiff::gradients(loss, {table})[0], table}}, ctx);
  graph::Outputs outputs;
  for (const auto& [variable, value] : ctx.updates()) outputs.update(variable, value);
  const std::string text = graph::to_string(graph::optimise(outputs));
  EXPECT_NE(text.find("replace_rows") == std::string::npos, text.find("scatter_add") == std::string::npos) << text;
  return text.find("replace_rows") != std::string::npos;
}

TEST(TableRows, AreUpdatedAloneWhereOthersStayAsTheyAre) {
  EXPECT_TRUE(by_rows(SGD({.learning_rate = 0.1})));
  EXPECT_TRUE(by_rows(SGD({.learning_rate = 0.1, .loss_scale_factor = 8})));
  EXPECT_TRUE(by_rows(SGD({.learning_rate = 0.1, .clipvalue = 1}))) << "a clipped zero is zero";
  EXPECT_FALSE(by_rows(SGD({.learning_rate = 0.1, .momentum = 0.9})));
  EXPECT_FALSE(by_rows(SGD({.learning_rate = 0.1, .weight_decay = 0.01})));
  EXPECT_FALSE(by_rows(SGD({.learning_rate = 0.1, .use_ema = true})));
  EXPECT_FALSE(by_rows(SGD({.learning_rate = 0.1, .gradient_accumulation_steps = 2})));
  EXPECT_FALSE(by_rows(SGD({.learning_rate = 0.1, .clipnorm = 1}))) << "the norm is of all rows";
  EXPECT_FALSE(by_rows(Adam()));
}

TEST(TableRows, TrainAsTheWholeTableDoes) {
  const auto trained = [](const char* off) {
    const graph::passes::Disabled without(off);
    models::Sequential model({layers::Embedding(200, 8, {.weights = tests::some({200, 8}), .input_shape = {2}}),
                              layers::Flatten(), layers::Dense(1, {.kernel_initializer = "ones"})});
    model.compile({.optimizer = SGD({.learning_rate = 0.1}), .loss = "mse"});
    const Array x{{1, 7}, {199, 1}, {0, 0}}, y{{1.f}, {2.f}, {3.f}};
    for (int i = 0; i < 4; ++i) model.train_on_batch(x, y);
    return model.get_weights();
  };
  const auto rows = trained(""), table = trained("all");
  for (std::size_t i = 0; i < table.size(); ++i) EXPECT_TRUE(allclose(rows[i], table[i], 1e-5, 1e-6));
}

}  // namespace
}  // namespace cornu::keras::optimizers
