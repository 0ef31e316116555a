#include "cornu/keras/layers/internal/weights.h"

namespace cornu::keras::layers::internal {

void visit_weights(ConfigVisitor& v, const std::vector<Role>& roles,
                   Arg<regularizers::Regularizer>& activity_regularizer) {
  for (const Role& role : roles) v(role.name + "_initializer", role.initializer);
  for (const Role& role : roles) v(role.name + "_regularizer", role.regularizer);
  v("activity_regularizer", activity_regularizer);
  for (const Role& role : roles) v(role.name + "_constraint", role.constraint);
}

}  // namespace cornu::keras::layers::internal
