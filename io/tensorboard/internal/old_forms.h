#pragma once

#include "cornu/io/tensorboard/proto/event.pb.h"
#include "cornu/io/tensorboard/summary.h"

namespace cornu::io::tensorboard::internal {

/// Values that are no tensors, as PyTorch and TensorFlow 1 write them: a number, an image, a histogram or a sound
/// becomes the tensor, and gets the metadata, that TensorBoard gives it. Anything else is left without a value.
void read_old_form(const cornu_tensorboard::Summary::Value& from, Summary& to);

}  // namespace cornu::io::tensorboard::internal
