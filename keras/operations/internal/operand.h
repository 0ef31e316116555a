#pragma once

#include "cornu/keras/operations/arithmetic.h"
#include "cornu/keras/operations/operation.h"

namespace cornu::keras::operations::internal {

/// A tensor or a number, as operations take it; whole numbers stay such.
Argument argument_of(const Operand& operand);

}  // namespace cornu::keras::operations::internal
