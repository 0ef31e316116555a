#pragma once

#include <cstddef>

#include "cornu/io/tensorboard/proto/tensor.pb.h"
#include "cornu/io/tensorboard/summary.h"

namespace cornu::io::tensorboard::internal {

/// A summary's value as a message: numbers as the bytes of their elements, a shape of no axes as one that is there.
/// Throws ValueError if the strings are not as many as their shape says.
void write_tensor(const Summary& value, cornu_tensorboard::TensorProto& out);

/// A message's value: from the bytes of the elements or from the list of the dtype, in which the last element stands
/// for all that are missing. half becomes float32, int8, int16 and uint16 become int32; a tensor of another dtype that
/// arrays lack, or of more than 8 axes, leaves the summary without a value. `room` is what may be allocated beyond the
/// size of the message, and is diminished. Throws FormatError if the message holds too many elements, too few, or is to
/// be filled to more than there is room.
void read_tensor(const cornu_tensorboard::TensorProto& in, std::size_t& room, Summary& value);

}  // namespace cornu::io::tensorboard::internal
