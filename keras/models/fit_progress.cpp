#include "cornu/keras/models/internal/fit_progress.h"

#include <cxxabi.h>

#include <cstdlib>
#include <map>
#include <memory>
#include <typeinfo>
#include <utility>

#include "cornu/keras/callbacks/internal/state_fields.h"
#include "cornu/keras/utils/internal/seed_stream.h"

namespace cornu::keras::models {

using callbacks::internal::count_field;
using callbacks::internal::flag_field;
using graph::require;

namespace {

// Whether a source says where it is.
class AnyState final : public StateVisitor {
 public:
  bool found = false;
  void operator()(std::string_view, Variable&) override { found = true; }
  void operator()(std::string_view, std::int64_t&) override { found = true; }
  void operator()(std::string_view, double&) override { found = true; }
  void operator()(std::string_view, graph::random::Generator&) override { found = true; }

 protected:
  void enter(std::string_view) override {}
  void leave() override {}
};

bool has_state(data::Source& source) {
  AnyState any;
  source.state(any);
  return any.found;
}

// Callbacks are found again by their classes, so that one more or less between two runs does no harm to the others.
struct CallbackStates {
  const std::vector<Shared<callbacks::Callback>>& list;

  void state(StateVisitor& v) const {
    std::map<std::string, int> seen;
    for (const auto& callback : list) {
      const std::string name = class_of(*callback);
      const int n = seen[name]++;
      v.part(n == 0 ? name : graph::message(name, " (", n + 1, ')'), *callback);
    }
  }
  static std::string class_of(const callbacks::Callback& callback) {
    int status = 0;
    const char* name = typeid(callback).name();
    const std::unique_ptr<char, void (*)(void*)> plain(abi::__cxa_demangle(name, nullptr, nullptr, &status), std::free);
    std::string text = status == 0 ? plain.get() : name;
    for (char& c : text)
      if (c == '/') c = '|';
    return text;
  }
};

}  // namespace

FitProgress::FitProgress(Parts parts, int initial_epoch)
    : epochs_done(initial_epoch), parts_(parts), source_has_state_(has_state(parts.source)) {}

void FitProgress::state(StateVisitor& v) {
  std::int64_t steps = parts_.steps;
  v("batches_per_epoch", steps);
  require<ValueError>(steps == parts_.steps, "an epoch has ", steps, " batches there and ", parts_.steps, " here");
  count_field(v, "epoch", epochs_done);
  v("batch", steps_done);
  v("passes", passes);
  v("batches_of_pass", passed);
  flag_field(v, "in_pass", in_pass);
  flag_field(v, "stopped", stopped_);
  bool stop = parts_.network.stop_training;
  flag_field(v, "stop_training", stop);
  parts_.network.stop_training = stop;

  utils::internal::SeedStreamState seeds;
  v.part("seeds", seeds);
  v.part("model", static_cast<layers::Layer&>(parts_.network));
  v.part("optimizer", *parts_.training.optimizer());
  if (steps_done > 0) {
    v.part("metrics", parts_.training);
    figures_ = results();
    callbacks::internal::logs_field(v, "figures", figures_);
  }
  v.part("data", parts_.source);
  if (parts_.validation != nullptr) v.part("validation", *parts_.validation);
  CallbackStates listening{parts_.callbacks};
  v.part("callbacks", listening);
  v.part("history", parts_.history);
}

void FitProgress::go_on(std::function<void()> when_built) {
  when_built_ = std::move(when_built);
  resumed_ = true;
  if (source_has_state_ || passes == 0) return;
  // A source that does not tell where it is: the same passes and batches once more.
  for (std::int64_t i = 0; i < passes; ++i) parts_.source.begin_epoch();
  for (std::int64_t i = 0; i < passed; ++i)
    require<ValueError>(parts_.source.next() != nullptr, "the data ended after ", i,
                        " batches, which is before the place where the run was put down");
}

void FitProgress::begin_pass() {
  parts_.source.begin_epoch();
  in_pass = true;
  passed = 0;
  ++passes;
}

void FitProgress::end_epoch() {
  ++epochs_done;
  steps_done = 0;
  stopped_ = parts_.network.stop_training;
  resumed_ = false;
}

void FitProgress::before_step(const data::Columns& batch) {
  resumed_ = false;
  if (!when_built_) return;
  graph::Specs specs;
  for (const Array& array : Training::arguments(batch)) specs.push_back(array.spec());
  parts_.training.train_function(batch).trace(specs);
  std::exchange(when_built_, nullptr)();
}

}  // namespace cornu::keras::models
