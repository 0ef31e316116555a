#pragma once

#include <vector>

#include "cornu/keras/callbacks/callback.h"
#include "cornu/keras/utils/console.h"

namespace cornu::keras::callbacks {

// What `verbose` shows of a run on standard output, in Keras 2's words: `fit`, `evaluate` and `predict` add one of
// these behind the user's callbacks. It asks `params().verbose`: 1 draws a bar on a terminal and, elsewhere, writes the
// finished bar's line once; 2 writes a line per epoch.
Shared<Callback> training_progress(utils::Console console = utils::Console::standard());
Shared<Callback> evaluation_progress(utils::Console console = utils::Console::standard());
Shared<Callback> prediction_progress(utils::Console console = utils::Console::standard());

/// The callbacks of a run with what shows it behind them, unless `verbose` is 0 or one of them is a ProgbarLogger.
std::vector<Shared<Callback>> with_progress(std::vector<Shared<Callback>> list, int verbose, Shared<Callback> shown);

}  // namespace cornu::keras::callbacks
