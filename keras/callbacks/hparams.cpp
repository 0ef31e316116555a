#include "cornu/keras/callbacks/hparams.h"

#include <chrono>
#include <cstdint>
#include <utility>

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

}  // namespace

HParamsCallback::HParamsCallback(HParamsConfig config) : config_(std::move(config)) {
  if (config_.trial_id.empty()) config_.trial_id = id_of(config_.hparams);
  summaries::hparams_session_start(config_.hparams, config_.trial_id, now());  // for its checks
}

HParamsCallback::HParamsCallback(HParamsCallback&&) noexcept = default;
HParamsCallback& HParamsCallback::operator=(HParamsCallback&&) noexcept = default;
HParamsCallback::~HParamsCallback() { end(summaries::Status::failure); }

void HParamsCallback::end(summaries::Status status) {
  if (writer_) writer_->write(summaries::hparams_session_end(status, now()), 0);
  writer_.reset();
}

void HParamsCallback::on_train_begin(const Logs&) {
  end(summaries::Status::failure);
  writer_.emplace(config_.log_dir);
  writer_->write(summaries::hparams_session_start(config_.hparams, config_.trial_id, now()), 0);
  described_ = false;
}

// Which columns the table has. Left to itself, TensorBoard makes one of every scalar in the folders below, and finds no
// values for them if the trial is the log folder itself.
void HParamsCallback::describe(const Logs& logs) {
  summaries::Experiment experiment;
  for (const auto& [name, value] : config_.hparams) experiment.parameters.push_back({.name = name, .sample = value});
  for (const auto& [name, value] : logs) experiment.metrics.push_back({.tag = name});
  writer_->write(summaries::hparams_experiment(experiment), 0);
}

void HParamsCallback::on_epoch_end(int epoch, const Logs& logs) {
  if (!writer_) return;
  if (!std::exchange(described_, true)) describe(logs);
  for (const auto& [name, value] : logs) writer_->scalar(name, value, epoch);
}

void HParamsCallback::on_train_end(const Logs&) { end(summaries::Status::success); }

HParams::HParams(HParamsConfig config) : Handle(std::move(config)) {}

}  // namespace cornu::keras::callbacks
