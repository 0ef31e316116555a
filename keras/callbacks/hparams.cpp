#include "cornu/keras/callbacks/hparams.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <utility>

#include "cornu/io/tensorboard/summary_writer.h"

namespace cornu::keras::callbacks {

namespace summaries = io::tensorboard::summaries;

namespace {

double now() { return std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch()).count(); }

// Equal for equal values, in every process.
std::string id_of(const summaries::HParams& hparams) {
  std::uint64_t hash = 14695981039346656037u;  // FNV-1a
  for (const auto& [name, value] : hparams)
    for (const char c : name + '=' + to_string(value) + ';')
      hash = (hash ^ static_cast<unsigned char>(c)) * 1099511628211u;
  std::string id;
  for (int shift = 60; shift >= 0; shift -= 4) id += "0123456789abcdef"[hash >> shift & 15];
  return id;
}

class HParamsCallback final : public Callback {
 public:
  explicit HParamsCallback(HParamsConfig config) : config_(std::move(config)) {
    if (config_.trial_id.empty()) config_.trial_id = id_of(config_.hparams);
    summaries::hparams_session_start(config_.hparams, config_.trial_id, now());  // for its checks
  }

  ~HParamsCallback() override { end(summaries::Status::failure); }

  void on_train_begin(const Logs&) override {
    end(summaries::Status::failure);
    writer_.emplace(config_.log_dir);
    writer_->write(summaries::hparams_session_start(config_.hparams, config_.trial_id, now()), 0);
    described_ = false;
  }

  void on_epoch_end(int epoch, const Logs& logs) override {
    if (!writer_) return;
    if (!std::exchange(described_, true)) describe(logs);
    for (const auto& [name, value] : logs) writer_->scalar(name, value, epoch);
  }

  void on_train_end(const Logs&) override { end(summaries::Status::success); }

 private:
  void end(summaries::Status status) {
    if (writer_) writer_->write(summaries::hparams_session_end(status, now()), 0);
    writer_.reset();
  }

  // Which columns the table has. Left to itself, TensorBoard makes one of every scalar in the folders below, and finds
  // no values for them if the trial is the log folder itself.
  void describe(const Logs& logs) {
    summaries::Experiment experiment;
    for (const auto& [name, value] : config_.hparams) experiment.parameters.push_back({.name = name, .sample = value});
    for (const auto& [name, value] : logs) experiment.metrics.push_back({.tag = name});
    writer_->write(summaries::hparams_experiment(experiment), 0);
  }

  HParamsConfig config_;
  std::optional<io::tensorboard::SummaryWriter> writer_;  // while a fit runs
  bool described_ = false;
};

}  // namespace

std::shared_ptr<Callback> HParamsConfig::make() const { return std::make_shared<HParamsCallback>(*this); }

HParams::HParams(HParamsConfig config) : Handle(std::move(config)) {}

}  // namespace cornu::keras::callbacks
