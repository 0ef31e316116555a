#include "cornu/keras/state.h"

namespace cornu::keras {

StateVisitor::~StateVisitor() = default;

}  // namespace cornu::keras
