#pragma once

#include <memory>

#include "cornu/keras/callbacks/callback.h"

namespace cornu::keras::callbacks {

struct ProgbarLoggerConfig {
  std::shared_ptr<Callback> make() const;
};

/// Shows how a run goes, as `verbose` says (Keras' ProgbarLogger). `fit`, `evaluate` and `predict` show it behind all
/// callbacks by themselves; where one of these stands in the list, it shows it at its place instead, before what the
/// callbacks behind it print.
///
///     model.fit(x, y, {.callbacks = {callbacks::ProgbarLogger(), callbacks::ModelCheckpoint("m.h5", {.verbose =
///     1})}});
using ProgbarLogger = Handle<Callback, ProgbarLoggerConfig>;

}  // namespace cornu::keras::callbacks
