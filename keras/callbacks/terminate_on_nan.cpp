#include "cornu/keras/callbacks/terminate_on_nan.h"

#include <cmath>

#include "cornu/keras/models/model.h"
#include "cornu/keras/utils/console.h"
#include "cornu/keras/utils/internal/python_format.h"

namespace cornu::keras::callbacks {

void TerminateOnNaNCallback::on_train_batch_end(int batch, const Logs& logs) {
  const double* loss = logs.find("loss");
  if (loss == nullptr || std::isfinite(*loss)) return;
  graph::require<ValueError>(!config_.raise_error, "NaN or Inf loss encountered at batch ", batch,
                             ". Loss value: ", utils::python_repr(*loss), ". Terminating training immediately.");
  utils::print_message(graph::message("Batch ", batch, ": Invalid loss, terminating training"));
  model().stop_training = true;
}

}  // namespace cornu::keras::callbacks
