#include "cornu/keras/losses/labels.h"

#include "cornu/ops/native/reshape.h"

namespace cornu::keras::losses {

graph::Tensor labels_for(const graph::Tensor& y_true, const graph::Tensor& y_pred) {
  const bool column = y_true.ndim() == y_pred.ndim() && y_true.ndim() > 0 && y_true.shape().back() == 1;
  return column ? ops::squeeze(y_true, -1) : y_true;
}

void require_class_numbers(const char* loss, const graph::Array& labels, const graph::Shape& y_pred,
                           std::optional<int> ignored) {
  if (y_pred.empty() || y_pred.back() < 0) return;
  const double classes = static_cast<double>(y_pred.back());
  graph::visit(labels.dtype(), [&](auto zero) {
    using T = decltype(zero);
    const auto numbers = labels.span<T>();
    for (std::size_t i = 0; i < numbers.size(); ++i) {
      const double label = static_cast<double>(numbers[i]);
      if ((label >= 0 && label < classes) || (ignored && label == *ignored)) continue;
      throw graph::ValueError(graph::message("[", loss, "] labels must be class numbers from 0 to ", y_pred.back() - 1,
                                             " for predictions of ", y_pred.back(), " classes; label number ", i,
                                             " is ", label));
    }
  });
}

}  // namespace cornu::keras::losses
