// Activations, losses, regularizers, constraints, schedules: functions of tensors, with their gradients.
#include "tests/golden/golden_case.h"

namespace cornu::golden {
namespace {

void run_activation(Case& c) {
  const auto activation = make(keras::activations::registry(), c.config());
  Function f([&](const Tensor& x, const Tensor& cotangent) {
    const Tensor y = (*activation)(x);
    return Outputs{y, autodiff::gradients(ops::sum(cotangent * y), {x})[0]};
  });
  const auto results = f(c.data("x"), c.data("cotangent"));
  c.compare("y", results[0]);
  c.compare("grad", results[1]);
}

void run_loss(Case& c) {
  const auto loss = make(keras::losses::registry(), c.config());
  std::vector<Array> in{c.data("y_true"), c.data("y_pred")};
  if (auto weight = c.optional_data("sample_weight")) in.push_back(*weight);
  Function f([&](std::span<const Tensor> t) {
    const Tensor value = (*loss)(t[0], t[1], t.size() > 2 ? t[2] : Tensor());
    return Outputs{value, autodiff::gradients(ops::sum(value), {t[1]})[0]};
  });
  const auto results = f.call(in);
  c.compare("value", results[0]);
  c.compare("grad_y_pred", results[1]);
}

void run_regularizer(Case& c) {
  const auto regularizer = make(keras::regularizers::registry(), c.config());
  Function f([&](const Tensor& x) {
    const Tensor value = (*regularizer)(x);
    return Outputs{value, autodiff::gradients(value, {x})[0]};
  });
  const auto results = f(c.data("x"));
  c.compare("value", results[0]);
  c.compare("grad", results[1]);
}

void run_constraint(Case& c) {
  const auto constraint = make(keras::constraints::registry(), c.config());
  Function f([&](const Tensor& x) { return (*constraint)(x); });
  c.compare("y", f(c.data("x")));
}

void run_schedule(Case& c) {
  const auto schedule = make(keras::schedules::registry(), c.config());
  Function f([&](const Tensor& step) { return (*schedule)(step); });
  const Array steps = c.data("steps").astype(float32);
  std::vector<Array> values;
  for (const Array& step : steps) values.push_back(f(step).one().reshape({}));
  c.compare("values", stack(values));
}

const bool added = add_runner("activation", run_activation) && add_runner("loss", run_loss) &&
                   add_runner("regularizer", run_regularizer) && add_runner("constraint", run_constraint) &&
                   add_runner("schedule", run_schedule);

}  // namespace
}  // namespace cornu::golden
