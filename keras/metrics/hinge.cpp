#include "cornu/keras/metrics/hinge.h"

namespace cornu::keras::metrics {

static const bool hinge_registered = registry().add<HingeMetric>("Hinge", {"hinge"}) &&
                                     registry().add<SquaredHingeMetric>("SquaredHinge", {"squared_hinge"}) &&
                                     registry().add<CategoricalHingeMetric>("CategoricalHinge", {"categorical_hinge"});

}  // namespace cornu::keras::metrics
